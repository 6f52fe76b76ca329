"""Lo que necesita el botón Validate; Jupyter lo lee al arrancar en esta carpeta."""

c = get_config()  # noqa: F821 - lo pone Jupyter

c.Execute.timeout = 180  # segundos para una celda: entrenar una red puede llevar más de los 30 de nbgrader
c.Execute.iopub_timeout = 60
