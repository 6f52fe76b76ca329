"""An instructor's year: releases, their versions and targets, due dates and extensions, late work, migrations, and
whether grades still hold. It knows the course, and no page or platform."""
