// The form of a report with JavaScript: the device's own position, a word about photos before they are sent, one sending.

const MOST_PHOTOS = 4;
const MOST_BYTES = 10 * 2 ** 20;

const find = (id) => document.getElementById(id);

function wireLocate(button, told) {
  if (!("geolocation" in navigator)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    told.textContent = button.dataset.wait;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        find("f-lat").value = coords.latitude.toFixed(6);
        find("f-lon").value = coords.longitude.toFixed(6);
        told.textContent = button.dataset.done.replace("{m}", Math.ceil(coords.accuracy));
      },
      () => (told.textContent = button.dataset.failed),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}

/** Says what the server would refuse while it can still be changed; the server judges all the same. */
function wirePhotos(input, told) {
  input.addEventListener("change", () => {
    const files = [...input.files];
    const large = files.some((file) => file.size > MOST_BYTES);
    told.textContent = files.length > MOST_PHOTOS ? told.dataset.many : large ? told.dataset.large : "";
  });
}

/** A second press while the first is under way sends nothing: the button keeps its place and says what goes on. */
function wireSending(form) {
  const button = form.querySelector(".actions .primary");
  const words = button.textContent;
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "find") return;
    if (button.getAttribute("aria-disabled") === "true") return event.preventDefault();
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.wait;
  });
  // Back by the browser's button: the page is as it was, and may be sent again.
  addEventListener("pageshow", () => {
    button.removeAttribute("aria-disabled");
    button.textContent = words;
  });
}

wireLocate(find("locate"), find("located"));
wirePhotos(find("f-photos"), find("chosen-photos"));
wireSending(find("report"));
