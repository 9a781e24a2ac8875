import django.contrib.gis.db.models.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    """The units with their history, and the base map."""

    initial = True

    dependencies = []

    operations = [
        CreateExtension("postgis"),
        CreateExtension("pg_trgm"),
        migrations.CreateModel(
            name="LoadedSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("checksum", models.CharField(max_length=64)),
                (
                    "origin",
                    models.CharField(help_text="File names, or the built-in approximation", max_length=200),
                ),
                ("rows", models.PositiveIntegerField()),
                ("loaded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="AdministrativeUnit",
            fields=[
                (
                    "id",
                    models.PositiveIntegerField(
                        help_text="Follows from the key: see geodata.keys", primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=32, unique=True)),
                ("code", models.CharField(max_length=5)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "cấp tỉnh"),
                            ("district", "cấp huyện (cũ)"),
                            ("commune", "cấp xã"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("municipality", "thành phố trực thuộc trung ương"),
                            ("province", "tỉnh"),
                            ("commune", "xã"),
                            ("ward", "phường"),
                            ("special_zone", "đặc khu"),
                            ("township", "thị trấn"),
                            ("rural_district", "huyện"),
                            ("urban_district", "quận"),
                            ("town", "thị xã"),
                            ("provincial_city", "thành phố thuộc tỉnh"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name_vi", models.CharField(max_length=80)),
                ("full_name_vi", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=120)),
                (
                    "region",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("northern_midlands_mountains", "Trung du và miền núi phía Bắc"),
                            ("red_river_delta", "Đồng bằng sông Hồng"),
                            ("north_central_coast", "Bắc Trung Bộ"),
                            ("south_central_coast_highlands", "Duyên hải Nam Trung Bộ và Tây Nguyên"),
                            ("southeast", "Đông Nam Bộ"),
                            ("mekong_delta", "Đồng bằng sông Cửu Long"),
                        ],
                        max_length=32,
                    ),
                ),
                ("area_km2", models.FloatField(blank=True, null=True)),
                ("population", models.PositiveIntegerField(blank=True, null=True)),
                ("valid_from", models.DateField()),
                (
                    "valid_to",
                    models.DateField(blank=True, help_text="First day no longer in force", null=True),
                ),
                (
                    "label_point",
                    django.contrib.gis.db.models.fields.PointField(
                        help_text="Inside the unit, on its largest part", srid=4326
                    ),
                ),
                (
                    "geom",
                    django.contrib.gis.db.models.fields.MultiPolygonField(blank=True, null=True, srid=4326),
                ),
                (
                    "search_key",
                    models.TextField(
                        help_text="Names and aliases without accents: see geodata.text.search_key"
                    ),
                ),
                (
                    "official",
                    models.BooleanField(
                        default=False, help_text="False while the boundaries are approximate"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="geodata.administrativeunit",
                    ),
                ),
            ],
            options={
                "verbose_name": "đơn vị hành chính",
                "verbose_name_plural": "đơn vị hành chính",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="BaseMapFeature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("land", "đất liền nước khác"),
                            ("lake", "hồ"),
                            ("river", "sông"),
                            ("road_primary", "đường chính"),
                            ("road_secondary", "đường phụ"),
                            ("railway", "đường sắt"),
                            ("boundary", "biên giới giữa các nước khác"),
                            ("place", "điểm dân cư"),
                            ("country", "tên nước"),
                            ("label", "nhãn biển, đảo"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name_vi", models.CharField(blank=True, max_length=160)),
                ("name_en", models.CharField(blank=True, max_length=160)),
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="0 is the most important of its kind"
                    ),
                ),
                ("min_zoom", models.PositiveSmallIntegerField(default=0)),
                (
                    "max_zoom",
                    models.PositiveSmallIntegerField(
                        default=24, help_text="Last zoom this variant is drawn at"
                    ),
                ),
                ("geom", django.contrib.gis.db.models.fields.GeometryField(srid=4326)),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "min_zoom"], name="base_map_kind_zoom")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("min_zoom__lte", models.F("max_zoom"))),
                        name="base_map_zooms_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("geom__isvalid", True)), name="base_map_geometry_is_valid"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KindChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "old_kind",
                    models.CharField(
                        choices=[
                            ("municipality", "thành phố trực thuộc trung ương"),
                            ("province", "tỉnh"),
                            ("commune", "xã"),
                            ("ward", "phường"),
                            ("special_zone", "đặc khu"),
                            ("township", "thị trấn"),
                            ("rural_district", "huyện"),
                            ("urban_district", "quận"),
                            ("town", "thị xã"),
                            ("provincial_city", "thành phố thuộc tỉnh"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "new_kind",
                    models.CharField(
                        choices=[
                            ("municipality", "thành phố trực thuộc trung ương"),
                            ("province", "tỉnh"),
                            ("commune", "xã"),
                            ("ward", "phường"),
                            ("special_zone", "đặc khu"),
                            ("township", "thị trấn"),
                            ("rural_district", "huyện"),
                            ("urban_district", "quận"),
                            ("town", "thị xã"),
                            ("provincial_city", "thành phố thuộc tỉnh"),
                        ],
                        max_length=16,
                    ),
                ),
                ("changed_on", models.DateField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kind_changes",
                        to="geodata.administrativeunit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UnitChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "coverage",
                    models.CharField(choices=[("full", "toàn bộ"), ("partial", "một phần")], max_length=8),
                ),
                ("changed_on", models.DateField()),
                (
                    "new",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="origins",
                        to="geodata.administrativeunit",
                    ),
                ),
                (
                    "old",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="geodata.administrativeunit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UnitOutline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "max_zoom",
                    models.PositiveSmallIntegerField(help_text="Good enough for tiles up to this zoom"),
                ),
                ("geom", django.contrib.gis.db.models.fields.MultiPolygonField(srid=4326)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outlines",
                        to="geodata.administrativeunit",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="administrativeunit",
            index=models.Index(fields=["level", "code"], name="unit_level_code"),
        ),
        migrations.AddIndex(
            model_name="administrativeunit",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_key"], name="unit_search_key_trgm", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="administrativeunit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("level", "code"),
                name="unit_code_unique_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="administrativeunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ("municipality", "province")), ("level", "province")),
                    models.Q(
                        ("kind__in", ("rural_district", "urban_district", "town", "provincial_city")),
                        ("level", "district"),
                    ),
                    models.Q(
                        ("kind__in", ("commune", "ward", "special_zone", "township")), ("level", "commune")
                    ),
                    _connector="OR",
                ),
                name="unit_kind_fits_level",
            ),
        ),
        migrations.AddConstraint(
            model_name="administrativeunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("region", ""),
                    (
                        "region__in",
                        [
                            "northern_midlands_mountains",
                            "red_river_delta",
                            "north_central_coast",
                            "south_central_coast_highlands",
                            "southeast",
                            "mekong_delta",
                        ],
                    ),
                    _connector="OR",
                ),
                name="unit_region_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="administrativeunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="unit_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="administrativeunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("geom__isvalid", True)), name="unit_geometry_is_valid"
            ),
        ),
        migrations.AddConstraint(
            model_name="administrativeunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("geom__isnull", True), ("geom__intersects", models.F("label_point")), _connector="OR"
                ),
                name="unit_label_point_is_inside",
            ),
        ),
        migrations.AddConstraint(
            model_name="kindchange",
            constraint=models.UniqueConstraint(fields=("unit", "changed_on"), name="kind_change_once_a_day"),
        ),
        migrations.AddConstraint(
            model_name="kindchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("old_kind", models.F("new_kind")), _negated=True),
                name="kind_change_changes_the_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitchange",
            constraint=models.UniqueConstraint(fields=("old", "new"), name="unit_change_once_per_pair"),
        ),
        migrations.AddConstraint(
            model_name="unitchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("old", models.F("new")), _negated=True),
                name="unit_change_changes_the_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("coverage__in", ["full", "partial"])),
                name="unit_change_coverage_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitoutline",
            constraint=models.UniqueConstraint(
                fields=("max_zoom", "unit"), name="outline_once_per_zoom_band"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitoutline",
            constraint=models.CheckConstraint(
                condition=models.Q(("geom__isvalid", True)), name="outline_geometry_is_valid"
            ),
        ),
    ]
