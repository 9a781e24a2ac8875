"""Which geometry of areas a zoom is drawn from: outlines simplified per band of zooms, beyond them the boundaries."""

from django.db.models import Model


def outlines_sql(outlines: type[Model], zoom: int, using: str) -> str:
    """A subquery `(unit_id, geom)` of the coarsest outlines that are still good at this zoom."""
    simplified = outlines._default_manager.using(using)
    band = simplified.filter(max_zoom__gte=zoom).order_by("max_zoom").values_list("max_zoom", flat=True).first()
    table = outlines._meta.db_table
    if band is not None:
        return f'(SELECT unit_id, geom FROM "{table}" WHERE max_zoom = {int(band)})'
    whole = outlines._meta.get_field("unit").related_model._meta.db_table
    return f'(SELECT id AS unit_id, geom FROM "{whole}")'
