// Text without accents, for finding what is typed with or without them. Pure.

/** Lower case, no accents, đ as d. */
export function fold(text) {
  return (text ?? "").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
}

/** The text in parts [[part, found], …]: where its words begin with words of the query, accents or not. */
export function highlighted(text, query) {
  const letters = [...(text ?? "").normalize("NFC")];
  const plain = letters.map((letter) => fold(letter) || " ");
  const marks = new Array(letters.length).fill(false);
  for (const word of fold(query).split(/\s+/).filter(Boolean)) markWord(plain, word, marks);
  return grouped(letters, marks);
}

function markWord(plain, word, marks) {
  const whole = plain.map((letter) => letter[0]).join("");
  for (let at = whole.indexOf(word); at >= 0; at = whole.indexOf(word, at + word.length)) {
    if (!/[\p{L}\p{N}]/u.test(whole[at - 1] ?? " ")) marks.fill(true, at, at + word.length);
  }
}

function grouped(letters, marks) {
  const parts = [];
  letters.forEach((letter, index) => {
    const last = parts.at(-1);
    if (last && last[1] === marks[index]) last[0] += letter;
    else parts.push([letter, marks[index]]);
  });
  return parts;
}
