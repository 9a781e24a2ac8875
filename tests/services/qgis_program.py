"""What QGIS does with our services, asked by a test: run by the system's Python, for PyQGIS belongs to that.

Reads one JSON list of [action, arguments] and writes one JSON list of answers. The actions share a process, and
with it the project that `open` has read.
"""

import json
import os
import sys
from collections import Counter

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeatureRequest,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize

_added = {}


def open_project(path):
    """The layers that the project has, the uppermost first, and where it stands."""
    project = QgsProject.instance()
    read = project.read(path)
    nodes = project.layerTreeRoot().findLayers()
    extent = project.viewSettings().defaultViewExtent()
    return {
        "read": read,
        "title": project.title(),
        "crs": project.crs().authid(),
        "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
        "layers": [
            {
                "id": node.layerId(),
                "name": node.name(),
                "group": node.parent().name(),
                "valid": node.layer() is not None and node.layer().isValid(),
                "shown": node.isVisible(),
            }
            for node in nodes
        ],
    }


def add(name, provider, source):
    """Adds a layer by hand; says whether it can be read."""
    made = QgsVectorTileLayer(source, name) if provider == "vectortile" else QgsVectorLayer(source, name, provider)
    _added[name] = made
    return {"valid": made.isValid(), "error": "" if made.isValid() else made.error().summary()}


def draw(box, colours=(), at=(), layers=None, size=(600, 500)):
    """Draws a box of Web Mercator: how many pixels have each of the colours, and the colours at some positions."""
    project = QgsProject.instance()
    settings = QgsMapSettings()
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setOutputSize(QSize(*size))
    settings.setOutputDpi(96)
    settings.setExtent(QgsRectangle(*box))
    settings.setBackgroundColor(project.backgroundColor())
    shown = [node.layer() for node in project.layerTreeRoot().findLayers() if node.isVisible()]
    settings.setLayers([_layer(name) for name in layers] if layers else shown)
    settings.setFlag(QgsMapSettings.Antialiasing, True)
    settings.setFlag(QgsMapSettings.DrawLabeling, True)
    settings.setExpressionContext(
        QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(settings.layers()[0]))
    )
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image, to_pixel = job.renderedImage(), settings.mapToPixel()
    places = [to_pixel.transform(x, y) for x, y in at]
    pixels = Counter(memoryview(image.constBits().asstring(image.sizeInBytes())).cast("I"))
    counted = {name: pixels[0xFF000000 | int(name[1:], 16)] for name in colours}
    around = [[image.pixelColor(int(p.x()) + dx, int(p.y()) + dy).name() for dx, dy in _AROUND] for p in places]
    return {"errors": [error.message for error in job.errors()], "counted": counted, "around": around}


_AROUND = [(dx, dy) for dx in range(-6, 7) for dy in range(-6, 7)]


def rows(name, subset=None, key="id"):
    """What the rows that the layer gives have in a field, under a filter that is set in QGIS."""
    layer = _layer(name)
    told = layer.setSubsetString(subset) if subset is not None else True
    values = [feature[key] for feature in layer.getFeatures(QgsFeatureRequest())]
    return {"set": told, "subset": layer.subsetString(), "values": values, "count": layer.featureCount()}


def fields(name):
    """What the form of the layer says: title, kind of widget and words of codes for each field."""
    layer = _layer(name)
    told = {}
    for place, one in enumerate(layer.fields()):
        setup = layer.editorWidgetSetup(place)
        words = [list(entry) for entry in setup.config().get("map", [])]
        told[one.name()] = {
            "title": layer.attributeDisplayName(place),
            "widget": setup.type(),
            "words": {label: entry[label] for entry in setup.config().get("map", []) for label in entry}
            if words
            else {},
        }
    return {"fields": told, "read_only": layer.readOnly(), "display": layer.displayExpression()}


def evaluate(name, expression, limit=5):
    """The values of an expression for the first rows, as QGIS shows them."""
    layer, made = _layer(name), QgsExpression(expression)
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    values = []
    for feature in layer.getFeatures(QgsFeatureRequest().setLimit(limit)):
        context.setFeature(feature)
        values.append(made.evaluate(context))
    return {"error": made.parserErrorString() or made.evalErrorString(), "values": values}


def transformed(code, lon, lat, source="EPSG:4326"):
    """A position in another system, by the transformation that the project has for it."""
    systems = [QgsCoordinateReferenceSystem(name) for name in (source, f"EPSG:{code}")]
    context = QgsProject.instance().transformContext()
    made = QgsCoordinateTransform(*systems, context).transform(QgsPointXY(lon, lat))
    return {
        "pinned": context.hasTransform(*systems),
        "fallback": context.allowFallbackTransform(*systems),
        "at": [made.x(), made.y()],
    }


def parsed(expressions):
    """Those of the expressions that QGIS cannot read, each with what it says."""
    made = {text: QgsExpression(text) for text in expressions}
    return {text: one.parserErrorString() for text, one in made.items() if one.hasParserError()}


def _layer(name):
    return _added.get(name) or QgsProject.instance().mapLayer(name)


ACTIONS = {one.__name__: one for one in (open_project, add, draw, rows, fields, evaluate, transformed, parsed)}


def main():
    application = QgsApplication([], False)
    application.initQgis()
    asked = json.load(sys.stdin)
    answers = [ACTIONS[action](**arguments) for action, arguments in asked]
    json.dump(answers, sys.stdout, default=str)
    sys.stdout.flush()
    # Layers of the network outlive the application in some versions, and then end the process by a signal.
    os._exit(0)


main()
