"""Groups T, B, P and F of the catalogue of bad inputs as far as their routes exist: id, address, status, code.

A code of "" is not looked at. P06 (expired, another caller's), P07 and P14 need more than an address:
tests/services/test_paging.py. Not due yet: T08, for every layer is open; T12 and T13, which come with the pyramid and
single flight; P08 and P09, for nothing is sorted and no fields are chosen yet.
"""

from urllib.parse import quote

LONG = "9" * 30_000

TILES = [
    ("T01", "/tiles/laboratories/-1/0/0.mvt", 404, "tile.address"),
    ("T01", "/tiles/laboratories/3/-1/0.mvt", 404, "tile.address"),
    ("T01", "/tiles/laboratories/3/0/-1.mvt", 404, "tile.address"),
    *(("T02", f"/tiles/laboratories/{z}/{2**z}/0.mvt", 404, "tile.address") for z in range(17)),
    *(("T02", f"/tiles/laboratories/{z}/0/{2**z}.mvt", 404, "tile.address") for z in range(17)),
    *(("T03", f"/tiles/laboratories/{z}/0/0.mvt", 404, "tile.address") for z in (17, 30, 31, 64)),
    ("T04", "/tiles/laboratories/1000000000/0/0.mvt", 404, "tile.address"),
    *(
        ("T05", f"/tiles/laboratories/3/{x}/1.mvt", 404, "")
        for x in ("1.5", "1e3", "0x10", "NaN", "", "+1", "%201", "%D9%A1", "1_0")
    ),
    ("T06", "/tiles/laboratories/007/0001/0002.mvt", 404, "tile.address"),
    ("T06", "/tiles/laboratories/7/01/2.mvt", 404, "tile.address"),
    *(
        ("T07", f"/tiles/{name}/3/1/1.mvt", 404, "not_found")
        for name in ("nothing", "labs'", "labs%22", "a;b", "a--", "%00", "x" * 4000)
    ),
    ("T07", "/tiles/../3/1/1.mvt", 404, ""),
    ("T09", "/tiles/laboratories,secret/3/1/1.mvt", 404, "not_found"),
    *(("T10", f"/tiles/laboratories/3/1/1{ending}", 404, "") for ending in (".png", ".php", ".mvt.css", "")),
    ("T11", "/tiles/laboratories/3/1/1.mvt?colour=red", 400, "param.unknown"),
    ("T11", "/tiles/provinces/3/1/1.mvt?status=valid", 400, "param.unknown"),
    *(
        ("T14", f"/tiles/laboratories/{z}/{x}/{y}.mvt", 204, "")
        for z, x, y in ((3, 0, 0), (3, 7, 7), (16, 65535, 65535))
    ),
    ("T14", "/tiles/communes/5/0/31.mvt", 204, ""),
]

_ITEMS = "/api/v1/laboratories/?limit=1&"
BOXES = [
    *(("B01", f"{_ITEMS}bbox={n},0,1,1", 400, "bbox.number") for n in ("NaN", "nan", "NAN", "nAn")),
    ("B02", f"{_ITEMS}bbox=-inf,-inf,inf,inf", 400, "bbox.number"),
    ("B02", f"{_ITEMS}bbox=0,0,1e400,1", 400, "bbox.number"),
    *(("B03", f"{_ITEMS}bbox={','.join('1' * n)}", 400, "bbox.count") for n in (1, 3, 5, 7)),
    ("B03", f"{_ITEMS}bbox=1,2,3,", 400, "bbox.number"),
    ("B03", f"{_ITEMS}bbox=1,2,3,4,", 400, "bbox.count"),
    ("B03", f"{_ITEMS}bbox=", 400, "bbox.count"),
    ("B04", f"{_ITEMS}bbox=105,20,0,106,21,9", 400, "bbox.count"),
    ("B05", f"{_ITEMS}bbox=105,21,106,20", 400, "bbox.order"),
    ("B06", f"{_ITEMS}bbox=170,20,-170,21", 200, ""),
    *(("B07", f"{_ITEMS}bbox={box}", 400, "bbox.range") for box in ("1,1,2,91", "1,1,181,2", "1,1,540,2")),
    ("B08", f"{_ITEMS}bbox=105.8,21,105.8,21", 200, ""),
    ("B09", "/api/v1/measuring_devices/?limit=1&bbox=-180,-90,180,90", 200, ""),
    ("B10", f"{_ITEMS}bbox=105,8;21,0;106;22", 400, ""),
    ("B11", f"{_ITEMS}bbox=20,105,22,106", 400, "bbox.range"),
    ("B12", f"{_ITEMS}bbox=587000,2325000,588000,2326000", 400, "bbox.range"),
    *(("B13", f"{_ITEMS}within=105.8,21,{radius}", 400, "") for radius in ("-1", "1e9", "NaN", "10km", "", "1,2")),
    ("B13", f"{_ITEMS}within=105.8,21", 400, "within.count"),
    ("B13", f"{_ITEMS}within=105.8,21,0", 200, ""),
    ("B14", f"{_ITEMS}bbox={'9' * 7000},0,1,1", 400, "bbox.number"),
    ("B14", f"{_ITEMS}bbox={LONG},0,1,1", 414, ""),
    ("B14", f"{_ITEMS}bbox=1e-400,-0.0,1,1", 200, ""),
    ("B15", f"{_ITEMS}bbox=1,1,2,2&bbox=1,1,2,2", 400, "param.repeated"),
]

PAGES = [
    *(("P01", f"/api/v1/laboratories/?limit={limit}", 400, "limit.integer") for limit in ("-1", "0", "abc", "1.0", "")),
    ("P02", "/api/v1/laboratories/?limit=1000000000", 200, ""),
    ("P03", "/api/v1/laboratories/?offset=-1", 400, "param.unknown"),
    ("P04", f"/api/v1/measuring_devices/?offset={10**9}", 400, "param.unknown"),
    ("P05", f"/api/v1/laboratories/?offset={10**30}", 400, "param.unknown"),
    *(("P06", f"/api/v1/laboratories/?cursor={text}", 400, "cursor.invalid") for text in ("", "x", "WzEsMl0:1:abc")),
    *(
        ("P10", f"/api/v1/laboratories/?valid_until={text}", 400, "")
        for text in ("2026-02-30", "2026-13-01", "../..", "2027-01-01/2026-01-01", "now", "0000-01-01", "10000-01-01")
    ),
    *(("P10", f"/api/v1/laboratories/?on={text}", 400, "on.date") for text in ("2026-02-30", "now", "", "2026-1-1")),
    ("P11", "/api/v1/laboratories/?valid_until=1900-01-01/2199-12-31", 200, ""),
    ("P11", "/api/v1/laboratories/?on=2026-01-01T00:00:00%2B25:00", 400, "on.date"),
    ("P12", "/api/v1/laboratories/?colour=red", 400, "param.unknown"),
    ("P12", "/api/v1/search/?q=abc&colour=red", 400, "param.unknown"),
    *(
        ("P12", f"{path}?colour=red", 400, "param.unknown")
        for path in ("/layers.json", "/area.json", "/style.json", "/live", "/ready", "/api/v1/schema/")
    ),
    ("P12", "/api/v1/schema/?version=2", 400, "param.unknown"),
    ("P12", "/api/v1/schema/?lang=en", 200, ""),
    ("P13", "/api/v1/laboratories/?status=active&status=expired", 400, "param.repeated"),
    ("P15", f"/api/v1/laboratories/?q={'a' * 100_000}", 414, ""),
    ("P15", "/api/v1/laboratories/?" + "&".join(f"p{n}=1" for n in range(500)), 400, "query.too_many"),
    *(("P16", f"/api/v1/laboratories/?q={q}", 400, "") for q in ("a", "a" * 5000, "%20%20", "%CC%81%CC%81", "%00")),
    ("P16", "/api/v1/laboratories/?q=%25%25%25_", 200, ""),
    ("C1", "/api/v1/laboratories/?status=nonsense", 400, "status.unknown"),
    ("C1", "/api/v1/laboratories/?status=", 400, "status.unknown"),
    ("C1", "/api/v1/laboratories/?province=99", 400, "province.unknown"),
    ("C1", "/api/v1/laboratories/?ilac_mra=yes", 400, "ilac_mra.flag"),
    ("C1", "/api/v1/device_counts/?on=2026-01-01", 400, ""),
    ("C1", "/api/v1/laboratories/?lang=xx", 400, "lang.unknown"),
    ("C1", "/?lang=", 400, ""),
    ("C1", "/?colour=red", 400, ""),
    ("C1", "/?layers=nope", 400, ""),
    ("C1", "/?on=yesterday", 400, ""),
    ("C1", "/?select=nope/1", 400, ""),
    *(("C1", f"/?select={text}", 400, "select.form") for text in ("laboratories", "laboratories/", "laboratories/x")),
    *(("C1", f"/?at={text}", 400, "") for text in ("99/999/foo", "25/0/0", "5/86/0", "5/0/181", "5/0", "5/0/0/0", "")),
    ("C1", "/area.json?province=99", 400, "province.unknown"),
    ("C1", "/?at=5.25/-16.1/105.85", 200, ""),
    ("C1", "/?layers=laboratories,measuring_devices&laboratories.province=01", 400, "param.shared"),
    ("C1", "/?layers=laboratories,measuring_devices&status=valid", 400, "param.layer"),
    ("C1", "/?layers=laboratories&measuring_devices.status=valid", 400, "param.layer"),
    ("C1", "/?layers=measuring_devices&scheme=VILAS", 400, "param.layer"),
    ("C1", "/?layers=measuring_devices&status=valid", 200, ""),
    ("C1", "/?layers=measuring_devices&measuring_devices.status=valid", 200, ""),
    ("C1", "/?layers=laboratories,measuring_devices&measuring_devices.status=valid&province=01", 200, ""),
    ("C1", "/api/v1/laboratories/?format=xml", 400, "param.unknown"),
    ("C1", "/api/v1/nothing/", 404, "not_found"),
    ("C1", "/api/v1/nothing", 404, "not_found"),
    ("C1", "/api/v1/laboratories?status=active", 308, ""),
    ("C1", "/api/v1?colour=red", 308, ""),
    ("C1", "/api/v1/?colour=red", 400, "param.unknown"),
    ("C1", f"/api/v1/laboratories/?province={','.join(str(n) for n in range(201))}", 400, "province.count"),
    *(("C1", f"/api/v1/laboratories/?on={day}", 400, "on.date") for day in ("1899-12-31", "2201-01-01")),
    *(("C1", f"/api/v1/laboratories/?limit=1&on={day}", 200, "") for day in ("1900-01-01", "2200-12-31")),
    ("C1", "/api/v1/laboratories/99999999999999/", 404, "not_found"),
    ("C1", "/api/v1/laboratories/abc/", 404, "not_found"),
    ("C1", "/api/v1/laboratories/?scope=staff", 401, "sign_in"),
    ("C1", "/tiles/laboratories/3/6/3.mvt?scope=staff", 401, "sign_in"),
]

_DEVICES = "/api/v1/measuring_devices/?limit=1&filter="
_SITES = "/api/v1/inspection_sites/?limit=1&filter="
FILTERS = [
    ("F01", f"{_DEVICES}status%3D", 400, "filter.syntax"),
    ("F01", _DEVICES, 400, "filter.syntax"),
    ("F02", f"{_DEVICES}{'(' * 5000}TRUE{')' * 5000}", 414, ""),
    ("F02", f"{_DEVICES}{'(' * 3500}TRUE{')' * 3500}", 400, "filter.too_complex"),
    ("F02", f"{_DEVICES}{'NOT%20' * 5000}TRUE", 414, ""),
    ("F02", f"{_DEVICES}{'NOT%20' * 1300}TRUE", 400, ""),
    ("F03", f"{_DEVICES}TRUE{'%20OR%20TRUE' * 600}", 400, "filter.too_complex"),
    *(
        ("F04", f"{_DEVICES}{quote(name)}%3D'a'", 400, "filter.property")
        for name in ("colour", "scheme", "owner", "owner__password", "a.b.c", "_connector", '"x;y"', "__class__")
    ),
    *(("F05", f"{_DEVICES}{quote(said)}", 400, "") for said in ("exec('a') = 1", "java.lang.Runtime = 1", "1+1 = 2")),
    *(
        ("F06", f"{_DEVICES}{quote(f'status = {said}')}", 200, "")
        for said in ("''' OR ''1''=''1'", "'''; DROP TABLE x'", "'x''y'", "'$$a$$'", "'a\\\\b'")
    ),
    *(
        ("F07", f"{_DEVICES}{quote(said)}", 400, "filter.type")
        for said in ("id > 'abc'", "status = 5", "valid_until < 5", "geom = 'a'")
    ),
    ("F08", f"{_DEVICES}id%20%3E%20{'9' * 30}", 200, ""),
    ("F08", f"{_DEVICES}id%20%3E%20{'9' * 40}", 400, "filter.number"),
    ("F08", f"{_DEVICES}id%20%3D%201e309", 400, "filter.number"),
    ("F08", f"{_DEVICES}id%20%3D%201e-300", 200, ""),
    ("F08", "/api/v1/provinces/?limit=1&filter=area_km2%3C1e308%20OR%20area_km2%3E5e-324", 200, ""),
    ("F09", f"{_DEVICES}{quote('model LIKE ' + repr('%a' * 200))}", 400, "filter.too_complex"),
    ("F10", f"{_DEVICES}{quote('ACCENTI(site) LIKE ' + repr('%a%'))}", 200, ""),
    ("F11", f"{_DEVICES}{quote('CASEI(ACCENTI(id)) = 1')}", 400, "filter.type"),
    ("F12", f"{_DEVICES}id%20IN%20()", 400, "filter.syntax"),
    ("F12", f"{_DEVICES}id%20IN%20(1)", 200, ""),
    ("F12", f"{_DEVICES}id%20IN%20({','.join('1' * 201)})", 400, "filter.too_complex"),
    ("F12", f"{_DEVICES}id%20IN%20(1,'a')", 400, "filter.type"),
    ("F13", f"{_DEVICES}id%20BETWEEN%209%20AND%201", 200, ""),
    *(
        ("F14", f"{_DEVICES}{quote(f'S_INTERSECTS(geom, {said})')}", 400, "")
        for said in (
            *("POLYGON((1 2, 3 4", "POLYGON((1 2, 1 2))", "POINT(NaN 1)", "POINT EMPTY", "POINT Z (1 2 3)"),
            *("CIRCULARSTRING(1 2, 3 4)", "TIN(((0 0, 1 1, 1 0, 0 0)))", "POLYGON((0 0, 2 2, 2 0, 0 2, 0 0))"),
        )
    ),
    ("F15", f"{_DEVICES}{quote('S_DWITHIN(geom, POINT(1 2), -1)')}", 400, "filter.function"),
    *(
        ("F16", f"{_DEVICES}{quote(said)}", 400, "")
        for said in ("pg_sleep(10) = 1", "version() = 'a'", "ST_AsText(geom) = 'a'")
    ),
    *(("F17", f"{_DEVICES}{quote(said)}", 400, "filter.syntax") for said in ("id/0 = 1", "0/0 = 1", "id % 0 = 1")),
    ("F18", _DEVICES + quote('{"op": "=", "args": [{"property": "id"}, 1]}'), 400, "filter.syntax"),
    ("F18", f"{_DEVICES}TRUE&filter-lang=cql2-json", 400, "param.unknown"),
    ("F19", f"{_DEVICES}TRUE%20OR%201%3D1", 200, ""),
    ("F20", "/api/v1/measuring_devices/facets/?filter=serial_no%20IS%20NOT%20NULL", 400, "filter.property"),
    ("F20", f"{_SITES}risk_level%3D'high'", 400, "filter.property"),
    ("F21", _DEVICES + quote("T_AFTER(status, DATE('2026-01-01'))"), 400, "filter.type"),
    ("F21", _DEVICES + quote("T_DURING(valid_until, INTERVAL('2026-02-01','2026-01-01'))"), 400, "filter.date"),
    ("F22", f"{_DEVICES}status%3D'%00'", 400, "param.characters"),
    ("F22", f"{_DEVICES}status%3D'%ED%A0%80'", 400, "param.characters"),
    ("P13", f"{_DEVICES}TRUE&filter=FALSE", 400, "param.repeated"),
    ("F07", "/tiles/measuring_devices/6/50/28.mvt?filter=status%3D5", 400, "filter.type"),
    ("F01", "/list/measuring_devices?filter=status", 400, ""),
    ("C1", "/?layers=laboratories,measuring_devices&filter=TRUE", 400, "param.layer"),
    ("C1", "/?layers=laboratories,measuring_devices&measuring_devices.filter=TRUE", 200, ""),
    ("C1", "/?layers=measuring_devices&filter=TRUE", 200, ""),
]

CASES = TILES + BOXES + PAGES + FILTERS
