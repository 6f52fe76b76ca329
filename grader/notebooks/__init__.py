"""A notebook that was handed in, as the course knows it: read tolerantly, matched with what was released, repaired,
made harmless, and what of it need not be executed. nbgrader's preprocessors of grading are `repair` and `skipping`.

Nothing is handed on from here: the worker needs some of it, and not all.
"""
