"""The titles of Django's admin."""

from django.contrib import admin

from geodata.language import both

admin.site.site_title = both("Quản trị bản đồ", "Map administration")
admin.site.site_header = both("Quản trị bản đồ số TCĐLCL", "Administration of the national quality map")
admin.site.index_title = both("Danh mục và sổ đăng ký", "Reference tables and registers")
