"""What nbgrader must know of everybody on the hub; an instructor's own nbgrader_config.py adds the rest."""

import os

c = get_config()  # noqa: F821 - given by traitlets

c.CourseDirectory.course_id = "redes-neuronales"
c.Exchange.root = os.environ["COURSE_EXCHANGE"]
c.ExchangeFactory.collect = "grader.exchange.OwnersCollect"
c.ExchangeFactory.release_feedback = "grader.exchange.OwnersReleaseFeedback"

# Seconds that Validate gives a cell, and its outputs once it has ended; as in the course's own file.
c.Execute.timeout = 180
c.Execute.iopub_timeout = 60
