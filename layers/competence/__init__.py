"""What a body is able to do, as people ask for it and as scope lines say it.

A question in words (`hiệu chuẩn cân 150 kg`, `chloramphenicol tôm 0,1 µg/kg`, `lead in water`) is read into a
`Competence` (`reading`, over `thesaurus`, `quantities` and the words that occur in the data: `lexicon`) and asked of
scope lines (`asking`, over `subjects`: what lines say, each content once). `covering` finds who can do several things.
"""
