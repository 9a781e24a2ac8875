"""How long QGIS takes to open the map's project and to draw it: run by the system's Python, for PyQGIS belongs to that.

Arguments: the project's file, then layer ids (the shown ones where there are none) and a box in Web Mercator (the whole
country where it is empty). Writes milliseconds and the number of features drawn as JSON.
"""

import json
import os
import sys
import time

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize

WIDTH, HEIGHT = 1200, 800


def main(path, names, box):
    application = QgsApplication([], False)
    application.initQgis()
    begun, project = time.perf_counter(), QgsProject.instance()
    project.read(path)
    opened = time.perf_counter()
    nodes = project.layerTreeRoot().findLayers()
    layers = [node.layer() for node in nodes if (node.layerId() in names if names else node.isVisible())]
    settings = QgsMapSettings()
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setOutputSize(QSize(WIDTH, HEIGHT))
    settings.setOutputDpi(96)
    settings.setExtent(QgsRectangle(*box) if box else project.viewSettings().defaultViewExtent())
    settings.setLayers(layers)
    settings.setFlag(QgsMapSettings.DrawLabeling, True)
    settings.setExpressionContext(QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layers[0])))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    drawn = time.perf_counter()
    marks = len(job.takeLabelingResults().allLabels())
    told = {"opened": 1000 * (opened - begun), "drawn": 1000 * (drawn - opened), "marks": marks}
    print(json.dumps({**told, "errors": [error.message for error in job.errors()]}))
    sys.stdout.flush()
    # Layers of the network outlive the application in some versions, and then end the process by a signal.
    os._exit(0)


main(sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3]))
