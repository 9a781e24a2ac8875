# A layer as an sf object: from the GeoPackage download, with the filters of the map. Needs the package sf.
#
#     Rscript features.R http://127.0.0.1:8000 laboratories province=01

asked <- commandArgs(trailingOnly = TRUE)
file <- tempfile(fileext = ".gpkg")
download.file(paste0(asked[1], "/data/", asked[2], ".gpkg?", asked[3]), file, mode = "wb", quiet = TRUE)
found <- sf::st_read(file, layer = asked[2], quiet = TRUE)
print(head(found, 3))
cat(nrow(found), "features\n")
