"""Demo data: invented bodies, sites, devices and checks over the whole country, in realistic proportions.

Everything is a function of four things: number of devices, seed, day, boundaries. Names and numbers belong to
nobody; real are only places taken from OpenStreetMap, and they are credited where they stand.
"""
