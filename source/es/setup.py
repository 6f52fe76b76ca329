# Preparación: ejecuta esta celda sin cambiarla. Es la misma en todos los cuadernos.
import builtins

builtins.print("Preparando…", end=" ", flush=True)
import linecache
import logging as python_logging
import os
import re
import sys
import time
import types
import warnings

# TensorFlow escribe avisos técnicos al cargarse y al entrenar; aquí no enseñan nada, así que se callan.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
error_output, silence = os.dup(2), os.open(os.devnull, os.O_WRONLY)
os.dup2(silence, 2)
try:
    import keras
except builtins.ImportError as error:
    missing = (
        f"Falta Keras, o TensorFlow, en este Python ({error}). La guía del estudiante dice cómo se instalan; "
        "en un apuro, ejecuta «%pip install keras tensorflow» en una celda nueva y reinicia el kernel."
    )
    error._render_traceback_ = lambda: [missing]
    raise
finally:
    os.dup2(error_output, 2)
    os.close(error_output)
    os.close(silence)
python_logging.getLogger("tensorflow").setLevel(python_logging.ERROR)

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display

# Paleta de Okabe e Ito: se distingue también con daltonismo.
BLUE = "#0072B2"
ORANGE = "#E69F00"
GREEN = "#009E73"
RED = "#D55E00"
PURPLE = "#CC79A7"
SKY = "#56B4E9"
YELLOW = "#F0E442"
BLACK = "#000000"
plt.rcParams.update(
    {
        "axes.prop_cycle": plt.cycler(color=[BLUE, ORANGE, GREEN, RED, PURPLE, SKY]),
        "axes.grid": True,
        "grid.alpha": 0.3,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "figure.figsize": (7, 4),
        "figure.dpi": 100,
        "font.size": 11,
        "lines.linewidth": 2,
    }
)


class Kept(builtins.dict):
    """Los nombres del curso, aparte: sus funciones miran primero aquí, después en Python y al final en el cuaderno.

    Por eso funcionan aunque en el cuaderno se use para otra cosa un nombre del curso, o de Python.
    """

    shown = builtins.set()  # los que da al cuaderno
    told = builtins.set()  # de estos, los que el cuaderno usa para otra cosa, y así se ha dicho
    python, notebook = builtins.vars(builtins), get_ipython().user_ns

    def __missing__(self, name):
        return self.python[name] if name in self.python else self.notebook[name]

    def __contains__(self, name):
        return super().__contains__(name) or name in self.notebook

    def keep(self, *names, shown=True):
        """Guarda estos nombres con el valor que tienen en el cuaderno, que los sigue viendo."""
        notebook = get_ipython().user_ns
        for name in names:
            self[name] = notebook[name] = self.own(notebook[name])
        if shown:
            self.shown.update(names)

    def own(self, value):
        """Devuelve una función que busca aquí los nombres que usa; si es una clase, cambia así las suyas."""
        if isinstance(value, types.FunctionType) and value.__globals__ is get_ipython().user_global_ns:
            mine = types.FunctionType(value.__code__, self, value.__name__, value.__defaults__, value.__closure__)
            mine.__doc__, mine.__module__, mine.__kwdefaults__ = value.__doc__, value.__module__, value.__kwdefaults__
            mine.__qualname__ = value.__qualname__
            return mine
        if isinstance(value, type) and value.__module__ == "__main__":
            for name, part in list(vars(value).items()):
                if isinstance(part, (classmethod, staticmethod)):
                    setattr(value, name, type(part)(self.own(part.__func__)))
                elif isinstance(part, types.FunctionType):
                    setattr(value, name, self.own(part))
        return value

    def covered(self, names):
        """Dice a cuáles de estos nombres, de Python o del curso, ha dado el cuaderno otro valor; "" si a ninguno."""
        notebook = get_ipython().user_ns
        python = [
            f"«{name}»"
            for name in names
            if callable(vars(builtins).get(name))
            and name in notebook
            and name not in self.keys()
            and name not in get_ipython().user_ns_hidden
        ]
        course = [name for name in names if name in self.shown and notebook.get(name) is not self[name]]
        self.told.update(course)
        text = ""
        if python:
            text += (
                f" Ojo: en este cuaderno has dado otro valor a {' y a '.join(python[:3])}, de Python; "
                "cambia ese nombre y reinicia el kernel."
            )
        if course:
            text += (
                f" Ojo: en este cuaderno has dado otro valor a {' y a '.join(f'«{name}»' for name in course[:3])}, "
                "del curso; cambia ese nombre en tu celda y ejecuta otra vez «Preparación», la primera."
            )
        return text


class Picture:
    """Una figura con su texto alternativo, para quien no puede verla: en HTML llega a los lectores de pantalla."""

    def __init__(self, figure, alt):
        import base64
        import io

        file = io.BytesIO()
        figure.savefig(file, format="png", bbox_inches="tight")
        self.data, self.alt = base64.b64encode(file.getvalue()).decode(), alt

    def __repr__(self):
        return self.alt

    def _repr_html_(self):
        import html

        return f'<img alt="{html.escape(self.alt)}" src="data:image/png;base64,{self.data}">'


def show(figure, alt):
    """Muestra una figura con su texto alternativo y la cierra."""
    display(Picture(figure, alt))
    plt.close(figure)


class Step:
    """Un paso de un error: la función, su línea y su código; own: si lo ha escrito quien hace el cuaderno."""

    def __init__(self, frame, line_number):
        self.name, self.number, self.names = frame.f_code.co_name, line_number, set(frame.f_code.co_names)
        self.file = frame.f_code.co_filename
        self.line = linecache.getline(self.file, line_number).strip()
        self.of_cell = not os.path.exists(self.file) and not (self.file.startswith("<") and "ipython" not in self.file)
        self.of_course = self.of_cell and linecache.getline(self.file, 1).startswith(OF_COURSE)
        self.own = bool(self.line) and ((self.of_cell and not self.of_course) or self.in_folder())

    def in_folder(self):
        """Dice si es de un archivo que está con el cuaderno, y no de Python ni de una biblioteca."""
        file, here = os.path.realpath(self.file), os.path.realpath(os.curdir)
        of_python = tuple(os.path.join(os.path.realpath(one), "") for one in (sys.prefix, sys.base_prefix))
        return (
            os.path.exists(file)
            and file.startswith(os.path.join(here, ""))
            and not any(part in file for part in ("site-packages", "dist-packages"))
            and not file.startswith(of_python)
        )

    def __str__(self):
        where = "de su celda" if self.of_cell else f"de {os.path.basename(self.file)}"
        return f"{'la ' if self.name.startswith('<') else f'{self.name}, '}línea {self.number} {where}: «{self.line}»"


OF_COURSE = ("# Preparación", "# Ayuda", "# Los dibujos de", "# Herramienta", "@self_check(")  # así empiezan sus celdas


def steps_of(error):
    """Devuelve los pasos de un error, del primero al último."""
    import traceback

    return [Step(frame, number) for frame, number in traceback.walk_tb(error.__traceback__)]


def in_short(error):
    """Devuelve el tipo de un error y su primera frase, sin colores."""
    text = re.sub(r"\x1b\[[\d;]*m|\{\{.*?\}\} ", "", f"{error}").strip()  # {{…}}: de TensorFlow
    parts = [part for part in re.split(r"\n|(?<=[.!?])\s+(?=[A-Z¿¡])", text) if part.strip()]
    says_nothing = ("Exception encountered when calling", "Graph execution error", "Detected at node")
    while len(parts) > 1 and parts[0].startswith(says_nothing):
        del parts[0]  # así empiezan Keras y TensorFlow
    text = parts[0].strip().rstrip(".") if parts else ""
    return f"{type(error).__name__}{': ' if text else ''}{text[:200]}{'…' if len(text) > 200 else ''}"


class Run:
    """Cómo acabó una celda: los nombres que da, y el error y la línea en los que se ha detenido, si es así."""

    def __init__(self, source, error):
        import ast
        import contextlib

        self.error, self.number, self.line, self.body = error, None, "", []
        with contextlib.suppress(SyntaxError, ValueError):
            self.body = ast.parse(get_ipython().transform_cell(source)).body
        self.functions = {node.name: node for node in self.body if isinstance(node, ast.FunctionDef)}
        stored = [
            node for top in self.body if not isinstance(top, (ast.FunctionDef, ast.ClassDef)) for node in ast.walk(top)
        ]
        self.variables = [node.id for node in stored if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        classes = [node.name for node in self.body if isinstance(node, ast.ClassDef)]
        imports = [node for node in stored if isinstance(node, (ast.Import, ast.ImportFrom))]
        self.imports = [alias.asname or alias.name.split(".")[0] for node in imports for alias in node.names]
        self.gives = {*self.functions, *self.variables, *classes, *self.imports}
        if not self.body:  # no se puede leer
            found = re.findall(
                r"^(?:(?:def|class) +([^\W\d]\w*)|(?:\w+ +)?([^\W\d]\w*)(?= *[(=:]))", source, re.MULTILINE
            )
            self.gives = {one for pair in found for one in pair if one}
        self.mentions = Run.words(source) if isinstance(error, SyntaxError) else set()
        steps = [step for step in steps_of(error) if step.of_cell and step.name == "<module>"] if error else []
        self.unread = isinstance(error, SyntaxError) and (not steps or source.lstrip().startswith("%%"))
        if steps and not self.unread:
            self.number, self.line = steps[0].number, steps[0].line

    def is_stub(self, name):
        """Dice si la función de este nombre no tiene más que el texto con el que venía."""
        import ast

        node = self.functions.get(name)
        return node is not None and all(isinstance(one, (ast.Raise, ast.Expr)) for one in node.body)

    def is_untouched(self):
        """Dice si en la celda no hay más que lo que traía: funciones sin hacer, una respuesta vacía y un raise."""
        import ast

        def is_empty(node):
            return (
                isinstance(node, ast.Assign)
                and isinstance(node.value, (ast.Dict, ast.List))
                and not any(ast.iter_child_nodes(node.value))
            ) or isinstance(node, (ast.Raise, ast.Expr))

        return all(self.is_stub(getattr(node, "name", None)) or is_empty(node) for node in self.body)

    def stopped(self, name, exercise=""):
        """Dice en qué línea se ha detenido la celda, la que da ese nombre, y qué hacer.

        Devuelve None si ha acabado, o si no hay nada tuyo.
        """
        error = self.error
        if self.unread:
            which = f"la celda que da «{name}»{exercise}" if name else "la última celda que has ejecutado"
            what = meaning(error, SYNTAX) or f"Python no entiende esa línea, y dice «{error.msg}»"
            return (
                f"{which} no ha llegado a empezar: {what} (línea {error.lineno}). Corrígela, ejecútala y vuelve aquí."
            )
        if error is None or self.number is None or (isinstance(error, NotImplementedError) and self.is_untouched()):
            return None
        where = f"la celda que da «{name}»{exercise} se ha detenido en su línea {self.number}, «{self.line}»"
        if isinstance(error, NotImplementedError):
            return f"{where}: bórrala, escribe lo que aún falte y ejecuta la celda otra vez."
        if isinstance(error, KeyboardInterrupt):
            return f"{where}, porque la has interrumpido: ejecútala otra vez, entera."
        if isinstance(error, OSError) and (text := not_there(error)):
            return f"{where}. {text}"
        hint = course.covered(Run.words(self.line))
        if isinstance(error, NameError) and error.name and not hint:
            return (
                f"{where}, porque no existe el nombre «{error.name}». Si es del cuaderno, ejecuta antes las celdas "
                f"de más arriba ({ALL_ABOVE.rstrip('.')}); si es tuyo, mira si está bien escrito."
            )
        why = meaning(error)
        return (
            f"{where}, con {in_short(error)}. "
            f"{f'{why[0].upper()}{why[1:]}. ' if why else ''}Corrígela y ejecútala otra vez.{hint}"
        )

    @staticmethod
    def words(text):
        """Devuelve los nombres que hay en un texto."""
        return set(re.findall(r"[^\W\d]\w*", text))


class SelfCheck:
    """Comprueba un ejercicio: dice qué falla y dónde mirar, sin poner nota.

    Se escribe encima de una función, que se ejecuta en el acto y cuyos nombres no salen de ella.
    done: qué se ha comprobado.
    """

    last = None  # la última celda ejecutada, sin contar comprobaciones
    runs = {}  # {nombre: la última celda que lo da}
    gone = {}  # {nombre: la celda que lo daba y que se ha ejecutado otra vez, cambiada, sin él}
    exercises = {}  # {nombre: el ejercicio que lo pide}
    said = {}  # {título: lo que falla, o None si nada}
    passed = {}  # {título: {nombre: la celda que lo daba}} cuando salió bien

    def __init__(self, title, done=""):
        self.title, self.done = title, done

    def __call__(self, check):
        """Ejecuta la comprobación y dice en una línea cómo ha ido."""
        self.said[self.title] = f"❌ {self.title}: su comprobación no ha acabado; ejecútala otra vez."
        check = course.own(check)
        self.asked = self.answers(check.__code__)
        for name in sorted(self.asked & self.gone.keys()):
            self.renamed(name, self.gone[name])
        needed = [(self.runs[name], name) for name in self.needed()]
        last = self.last
        unread = last and last.unread and all(run is not last for run, _ in needed)
        if unread and last.mentions & self.asked and not all(map(self.is_given, self.asked)):
            needed.insert(0, (last, ""))
        for run, name in needed:
            if text := run.stopped(name, "" if name in self.asked else self.exercise_of(name)):
                self.stop(NotImplementedError if isinstance(run.error, NotImplementedError) else AssertionError, text)
        figures = plt.get_fignums()
        get_ipython().ask_exit = self.leave  # es lo que llama exit(), que cerraría el kernel
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():  # los avisos no son fallos, tampoco al corregir
                warnings.simplefilter("ignore")
                check()
        except (Exception, KeyboardInterrupt, SystemExit) as error:
            self.explain(error)
        finally:
            del get_ipython().ask_exit
            for number in set(plt.get_fignums()) - set(figures):  # un dibujo a medias no se enseña
                plt.close(number)
        self.said[self.title] = None
        self.passed[self.title] = {name: self.runs.get(name) for name in self.asked}
        if self.done:
            print(f"✅ {self.title}: {self.done}")

    def answers(self, code):
        """Devuelve los nombres del cuaderno que se comprueban: los del título; si no dice ninguno, los que se usan."""
        used = self.globals_of(code) - {*course.keys(), *vars(builtins)}
        asked = used & Run.words(self.title) or used
        asked |= {name for one in asked if one in self.runs for name in self.runs[one].functions}
        if exercise := re.match(r"Ejercicio \d+", self.title):
            for name in asked:
                self.exercises.setdefault(name, exercise[0].lower())
        return asked

    def is_given(self, name):
        """Dice si alguna celda que se ha podido leer da ese nombre, y no como venía."""
        run = self.runs.get(name)
        return bool(run) and not run.unread and not run.is_stub(name)

    def exercise_of(self, name):
        """Devuelve entre paréntesis el ejercicio que pide un nombre, o ""."""
        return f" ({self.exercises[name]})" if name in self.exercises else ""

    def has_passed(self, name):
        """Dice si la comprobación del ejercicio que pide este nombre ha salido bien, y con lo que da ahora su celda."""
        exercise, now = self.exercises.get(name), self.runs.get(name)
        titles = [title for title in self.said if exercise and title.lower().startswith(f"{exercise} ")]
        return bool(titles) and all(
            self.said[one] is None and self.passed.get(one, {}).get(name, now) is now for one in titles
        )

    def renamed(self, name, run):
        """Termina: la celda que daba este nombre se ha cambiado, y ya no lo da."""
        if run.is_untouched():
            self.stop(NotImplementedError, f"sin hacer todavía. {run.error or f'Falta {name}.'}")
        names = [name for name in [*run.functions, *run.variables] if not name.startswith("_")]
        given = [f"«{other}»" for other in names if other not in self.asked][:3]
        now = f": ahora da {' y '.join(given)}. Tiene que llamarse «{name}»" if given else ""
        self.stop(
            AssertionError,
            f"has cambiado la celda que daba «{name}», y ya no lo da{now}. Escríbelo en ella y ejecútala otra vez.",
        )

    def needed(self):
        """Devuelve los nombres que se comprueban, y los que usan esas funciones, de los que haya dado alguna celda."""
        names = [name for name in sorted(self.asked) if name in self.runs]
        for name in names:
            code = getattr(get_ipython().user_ns.get(name), "__code__", None)
            used = sorted(self.globals_of(code)) if code else []
            names += [one for one in used if one in self.runs and one not in names]
        return names

    @staticmethod
    def globals_of(code):
        """Devuelve los nombres del cuaderno que usa un código, también dentro de sus funciones."""
        import dis

        codes, used = [code], set()
        for one in codes:
            codes += [part for part in one.co_consts if isinstance(part, types.CodeType)]
            used |= {step.argval for step in dis.get_instructions(one) if step.opname == "LOAD_GLOBAL"}
        return used

    @classmethod
    def require(cls, *titles):
        """Se detiene mientras alguna de estas comprobaciones no haya salido bien: por eso lo sabe también Validate."""
        for title in titles:
            if (text := cls.said.get(title, f"❌ {title}: ejecuta antes su comprobación, arriba.")) is not None:
                cls.fail(AssertionError, text)

    def stop(self, kind, text):
        """Apunta lo que falla y termina."""
        text = f"{'✏️' if kind is NotImplementedError else '❌'} {self.title}: {text}"
        self.said[self.title] = text
        self.fail(kind, text)

    @staticmethod
    def fail(kind, text):
        """Termina con un error que se ve como una sola línea, sin la traza."""
        error = kind(text)
        error._render_traceback_ = lambda: [f"\x1b[{'1;31' if text.startswith('❌') else '1'}m{text}\x1b[0m"]
        raise error from None

    @staticmethod
    def leave():
        raise SystemExit("cierra el kernel, y no hace falta")

    @staticmethod
    def misfit(error):
        """Dice si un error es de formas que no encajan, según NumPy, Keras o TensorFlow."""
        return bool(re.search(MISFIT, f"{error}"))

    def explain(self, error):
        """Dice qué ha detenido la comprobación, y dónde; termina."""
        steps = steps_of(error)
        own = [step for step in steps if step.own]
        ours, direct = steps[-1].of_course, bool(own) and steps[-1] is own[-1]
        while len(own) > 1 and own[-1].name not in self.asked and self.has_passed(own[-1].name):
            own.pop()  # una función de antes, que está bien: el fallo está en quien la llama
        place = own[-1] if own else None
        why = getattr(error, "why", "")  # lo que la comprobación sabe de ese error
        if isinstance(error, NotImplementedError) and (ours or direct):
            self.stop(NotImplementedError, self.undone(error, own))
        if isinstance(error, AssertionError) and ours:
            self.stop(AssertionError, f"{error}")
        if isinstance(error, KeyboardInterrupt):
            self.stop(
                KeyboardInterrupt,
                f"la has interrumpido{f' en {place}' if place else ''}. ¿Un bucle que no acaba nunca?",
            )
        if isinstance(error, NameError) and error.name and not isinstance(error, UnboundLocalError):
            self.stop(AssertionError, self.unknown(error, place))
        if isinstance(error, OSError) and (text := not_there(error)):
            self.stop(AssertionError, f"{text}{f' Ha sido en {place}.' if place else ''}")
        if isinstance(error, UnboundLocalError):
            why = "en tu función se usa una variable antes de darle valor"
        why = why or meaning(error)
        if not place:
            why = why or (
                "con lo que da tu respuesta no se puede seguir. Mira de qué tipo es, y si es lo que pide el enunciado"
            )
            self.stop(AssertionError, f"{why.rstrip('.')} ({in_short(error)}).")
        why = f"{why.rstrip('.')}{'' if why.endswith('?') else '.'} Ha sido en" if why else "tu código se detiene en"
        names = set().union(*(step.names for step in own))
        self.stop(AssertionError, f"{why} {place}, con {in_short(error)}.{course.covered(names)}")

    def unknown(self, error, place):
        """Dice qué nombre no existe, y dónde o cuál se le parece."""
        if (run := self.runs.get(error.name)) and (text := run.stopped(error.name)):
            return text
        if place:
            return (
                f"no existe el nombre «{error.name}». Ha sido en {place}. "
                f"¿Está bien escrito? ¿Has ejecutado las celdas de más arriba? {ALL_ABOVE}"
            )
        return (
            f"no existe el nombre «{error.name}». ¿Has ejecutado las celdas de más arriba, también la del ejercicio? "
            f"{ALL_ABOVE}{self.alike(error.name)}"
        )

    def undone(self, error, own):
        """Dice qué falta, y si la respuesta está ahí pero no se ve."""
        if not own:
            return f"sin hacer todavía. {error}{self.alike(*Run.words(f'{error}'))}"
        step = own[-1]
        callers = [one.name for one in own[:-1] if one.name != step.name and not one.name.startswith("<")]
        run = self.runs.get(step.name)
        if run and step.name in run.functions and not run.is_stub(step.name):
            return (
                f"en {step.name} hay código tuyo, pero se llega a la línea {step.number}, «{step.line}»: bórrala, y "
                "acaba con return."
            )
        if callers and step.name not in self.asked:
            return (
                f"{callers[-1]} llama a {step.name}{self.exercise_of(step.name)}, que está sin hacer: empieza por ahí."
            )
        done = {name for name in (run.functions if run else ()) if not run.is_stub(name)}
        missing = f" Falta {step.name}." if done else ""
        return f"sin hacer todavía.{missing} {error}{self.alike(step.name)}"

    def alike(self, *wanted):
        """Señala, de lo que da la última celda ejecutada, un nombre parecido a uno de los que faltan.

        Quizá sea la respuesta.
        """
        import ast
        import difflib

        functions = self.last.functions if self.last else {}
        names = [*functions, *self.last.variables] if self.last else []
        given = [name for name in names if not name.startswith(("draw_", "check", "_"))]
        for name in wanted:
            # quien cambia el nombre suele dejar el texto de debajo
            stub = getattr(get_ipython().user_ns.get(name), "__doc__", None)
            close = difflib.get_close_matches(name, given, 1, 0.75) or [
                other for other, node in functions.items() if stub and ast.get_docstring(node, clean=False) == stub
            ]
            if name.isidentifier() and name not in given and close:
                return f" ¿Tu respuesta es «{close[0]}»? Tiene que llamarse «{name}»: cámbiale el nombre."
        return ""

    @classmethod
    def note(cls, result):
        """Apunta cómo ha acabado una celda; una comprobación no cuenta, y de una del curso se guardan sus funciones."""
        source = result.info.raw_cell or ""
        if source.lstrip().startswith("@self_check(") or "self_check.require(" in source:
            return
        error = result.error_before_exec or result.error_in_exec
        run = Run(source, error)
        if source.startswith(OF_COURSE) and not error:
            course.keep(*run.functions, *run.imports)
        elif not source.startswith(OF_COURSE):
            cls.last, run.cell = run, getattr(result.info, "cell_id", None)
            before = {name for name, other in cls.runs.items() if run.cell and other.cell == run.cell}
            if run.unread:
                run.gives |= before
            gone = {name for name, other in cls.gone.items() if run.cell and other.cell == run.cell} | before
            cls.runs = {name: other for name, other in cls.runs.items() if name not in gone}
            cls.runs |= dict.fromkeys(run.gives, run)
            cls.gone = {name: other for name, other in cls.gone.items() if name not in gone | run.gives}
            cls.gone |= dict.fromkeys(gone - run.gives, run)


def not_there(error):
    """Dice en pocas palabras qué archivo no está, o no se puede leer; None si no se trata de eso."""
    import difflib
    import urllib.error

    if isinstance(error, urllib.error.HTTPError):
        return (
            f"La dirección «{error.filename}» no da ningún archivo ({error.code} {error.reason}). "
            "Ábrela en el navegador: ¿está bien escrita?"
        )
    if isinstance(error, urllib.error.URLError):
        return (
            f"No se llega a esa dirección de internet ({error.reason}). "
            "Mira la conexión y si está bien escrita, o descarga el archivo y pon solo su nombre."
        )
    of_a_program = any(os.path.basename(step.file) == "subprocess.py" for step in steps_of(error))
    if error.filename is None or of_a_program or not os.path.isdir("."):
        return None
    path, here = f"{error.filename}", sorted(os.listdir())
    if os.path.isdir(path):
        return f"«{path}» es una carpeta: escribe también el nombre del archivo."
    if not isinstance(error, FileNotFoundError):
        return f"No puedo leer el archivo «{path}» ({error.strerror or in_short(error)})."
    name = re.split(r"[\\/]", path)[-1]
    close = difflib.get_close_matches(name.casefold(), [one.casefold() for one in here], 1, 0.75)
    ending = os.path.splitext(name or "x.data")[1]
    same = [one for one in here if one.casefold() in close]
    same = same or [one for one in here if ending and os.path.splitext(one)[1] == ending]
    if not name.strip():
        return (
            f"Ahí falta el nombre del archivo{f', que puede ser «{same[0]}»' if same else ''}: "
            "escríbelo entre las comillas."
        )
    text = f"No encuentro el archivo «{path}». Este cuaderno se ejecuta en la carpeta «{os.getcwd()}»"
    if name in same:
        return text + ", y ahí está: escribe solo su nombre."
    if close and same:
        return text + f", y ahí hay uno con un nombre parecido, «{same[0]}». ¿Es ese?"
    if same:
        return text + f", y ahí está «{same[0]}». ¿Es ese?"
    return text + (
        f". Pon en ella «{name}», al lado del cuaderno (en Colab, súbelo con el icono de la carpeta, a la izquierda), "
        "o escribe la ruta entera de donde lo tienes."
    )


MISFIT = "matmul: |could not be broadcast|not aligned|size-incompatible|Incompatible shapes|Dimensions must be equal"
MEANINGS = {  # lo que quieren decir algunos errores
    "truth value of an array": (
        "un if, o un and, or, max, min o sum de Python, recibe un array entero: "
        "con arrays se hace elemento a elemento (np.where, np.maximum, np.sum…), y las formas tienen que encajar"
    ),
    "(only|size).*(length-1|size-1|0-dimensional) array": (
        "una función de Python, como las de math, toma un solo número: "
        "con arrays sirve la de NumPy (np.exp en lugar de math.exp)"
    ),
    r"bitwise_xor|for \^": "en Python la potencia es **; ^ es otra cosa",
    r"positional argument|unexpected keyword|required keyword": (
        "tu función no recibe los argumentos del enunciado, con sus nombres y en su orden"
    ),
    "'NoneType'": "algo vale None: ¿a una función le falta un return?",
    "expecting 0 weights": (
        "la red no sabe aún cuántos números recibe, y por eso no tiene pesos: ¿falta keras.Input al principio?"
    ),
    "label value of|outside the valid range": "Keras cuenta las clases desde 0, y hay alguna de más",
    "not compatible with provided weight shape": (
        "los pesos que le das a la red no tienen la forma de los suyos: "
        "un array de forma (entradas, neuronas) y otro de forma (neuronas,). reshape cambia la forma de un array"
    ),
    "only integer scalar arrays": (
        "una función de NumPy recibe un array donde espera un número entero. "
        "¿Es np.max por np.maximum, o falta un paréntesis alrededor de los dos?"
    ),
    "to a shape": "una forma se escribe como una tupla: shape=(3,), con su coma, y no shape=3",
    MISFIT: (
        "dos arrays tienen formas que no encajan: "
        "apunta la forma de cada uno, (filas, columnas), y mira el orden de la cuenta"
    ),
}
SYNTAX = {  # y lo que dice Python de una celda que no puede leer
    "incomplete input|was never closed|unexpected EOF": "falta cerrar un paréntesis, un corchete o unas comillas",
    "unterminated": "faltan unas comillas al final de un texto",
    "expected an indented block": (
        "lo que va dentro, debajo de los dos puntos, empieza cuatro espacios más a la derecha"
    ),
    "unindent does not match|inconsistent use of tabs": (
        "las líneas de un mismo bloque empiezan a la misma altura: mira los espacios del principio"
    ),
    "unexpected indent": "sobran espacios al principio de la línea",
    "expected ':'": "faltan los dos puntos al final de la línea",
    "unmatched|does not match opening": "se cierra un paréntesis o un corchete que no es el que se abrió",
    "forgot a comma": "quizá falta una coma entre dos cosas",
    "instead of '='|cannot assign|assign to": "a la izquierda de un = va un nombre; para comparar se escribe ==",
    "outside function": "hay un return fuera de una función: mira los espacios del principio de la línea",
    "invalid character|non-printable": "hay un carácter que Python no conoce, como unas comillas tipográficas",
    "literal|leading zeros": "hay un número mal escrito, o un nombre que empieza por una cifra",
    "^invalid syntax$": "Python no entiende esa línea. ¿Sobra o falta algo? >= y <= se escriben en ese orden",
}
ALL_ABOVE = "Run → Run All Above Selected Cell las ejecuta todas."


def meaning(error, known=None):
    """Devuelve lo que quiere decir un error, sin el punto final; "" si no se sabe."""
    text = error.msg if isinstance(error, SyntaxError) else f"{error}"
    return next((why for pattern, why in (known or MEANINGS).items() if re.search(pattern, text)), "")


def in_few_words(shell, kind, error, trace, tb_offset=None):
    """Dice en una línea, en lugar de con la traza, qué archivo, qué celda de más arriba o qué nombre falta."""
    text = None
    try:
        error.__traceback__ = trace
        steps = [] if hasattr(error, "_render_traceback_") else [step for step in steps_of(error) if step.of_cell]
        drawing = any(step.of_course and not step.line.startswith("@self_check(") for step in steps)
        if drawing:  # un dibujo del curso no se enseña a medias
            plt.close("all")
        hint = course.covered(set().union(*(step.names for step in steps if step.name == "<module>" or step.own)))
        missing = error.name if isinstance(error, NameError) else None
        if not steps:
            pass
        elif isinstance(error, OSError):
            text = not_there(error)
        elif missing in course.shown:
            course.told.add(missing)
            text = f"Falta «{missing}», que es del curso: ejecuta otra vez la celda «Preparación», la primera."
        elif missing and (drawing or missing.startswith("draw_")):
            text = (
                f"Falta «{missing}»: alguna celda de más arriba no se ha ejecutado "
                f"(quizá una de las plegadas del principio). {ALL_ABOVE}"
            )
        elif "Invalid file path or buffer object type" in f"{error}":  # de pandas
            text = f"Eso no es el nombre de un archivo, que va entre comillas ({in_short(error)})."
        elif hint or drawing:
            place = [step for step in steps if not step.of_course or step.name == "<module>"][-1]
            text = (
                f"{hint.removeprefix(' Ojo: ') or 'Este dibujo no sale.'} (Ha sido en {place}, con {in_short(error)}.)"
            )
            text = text[0].upper() + text[1:]
        if text:
            error._render_traceback_ = lambda: [f"\x1b[1;31m❌ {text}\x1b[0m"]
    finally:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def how_long(history, printer, cycle):
    """Escribe en lugar de <History …> cuántas épocas ha durado un entrenamiento."""
    printer.text(f"(entrenada: {len(history.epoch)} épocas)")


class LiveCurves(keras.callbacks.Callback):
    """Dibuja, cada segundo, el error de entrenamiento y de test mientras la red aprende.

    metric: qué se dibuja, "loss" (el error que minimiza la red) u otra métrica de compile.
    """

    def __init__(self, metric="loss", log_scale=True, title="Curvas de entrenamiento"):
        super().__init__()
        self.metric, self.log_scale, self.title = metric, log_scale, title

    def on_train_begin(self, logs=None):
        self.epochs, self.values, self.test_values = [], [], []
        self.handle = display(display_id=True)
        self.drawn_at = time.monotonic()
        self.figure, self.axes = plt.subplots()
        plt.close(self.figure)

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.append(epoch + 1)
        self.values.append(logs[self.metric])
        self.test_values.append(logs.get(f"val_{self.metric}", np.nan))
        if time.monotonic() > self.drawn_at + 1:
            self.draw()
            self.drawn_at = time.monotonic()

    def on_train_end(self, logs=None):
        self.draw()

    def draw(self):
        axes = self.axes
        axes.clear()
        axes.plot(self.epochs, self.values, color=BLUE, label="entrenamiento")
        if np.isfinite(self.test_values).any():
            axes.plot(self.epochs, self.test_values, color=ORANGE, linestyle="--", label="test")
        if self.log_scale:
            axes.set_yscale("log")
        axes.set(title=self.title, xlabel="época", ylabel={"loss": "error (loss)"}.get(self.metric, self.metric))
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(True, alpha=0.3)
        axes.legend()
        alt = f"{self.title}: {self.metric} en cada época, entrenamiento con línea continua y test con línea a trazos"
        self.handle.update(Picture(self.figure, alt))


def start():
    """Pone en marcha lo de arriba, en lugar de lo de la vez anterior.

    Devuelve al cuaderno los nombres que se ha dicho que tapa.
    """
    shell = get_ipython()
    shell.user_ns.update({name: course[name] for name in course.told})
    course.told.clear()
    shell.set_custom_exc((Exception,), in_few_words)
    for callback in list(shell.events.callbacks["post_run_cell"]):  # de cuando esta celda se ejecutó antes
        if getattr(callback, "__qualname__", "") == "SelfCheck.note":
            shell.events.unregister("post_run_cell", callback)
    shell.events.register("post_run_cell", SelfCheck.note)
    shell.display_formatter.formatters["text/plain"].for_type(keras.callbacks.History, how_long)


self_check = SelfCheck
# si esta celda se ejecuta otra vez, lo de antes sigue valiendo
course = builtins.getattr(get_ipython(), "course", None) or Kept()
get_ipython().course = course
if course.get("SelfCheck"):
    SelfCheck.said, SelfCheck.runs = course["SelfCheck"].said, course["SelfCheck"].runs
    SelfCheck.exercises, SelfCheck.gone = course["SelfCheck"].exercises, course["SelfCheck"].gone
    SelfCheck.passed = course["SelfCheck"].passed
course.keep("Kept", "Picture", "Run", "SelfCheck", "Step", "course", shown=False)
course.keep("ALL_ABOVE", "MEANINGS", "MISFIT", "OF_COURSE", "SYNTAX", shown=False)
course.keep("how_long", "in_few_words", "in_short", "meaning", "not_there", "start", "steps_of", shown=False)
course.keep("builtins", "linecache", "os", "re", "sys", "time", "types", "warnings", shown=False)
course.keep("np", "plt", "keras", "display", "show", "self_check", "LiveCurves")
course.keep("BLUE", "ORANGE", "GREEN", "RED", "PURPLE", "SKY", "YELLOW", "BLACK")
start()
builtins.print("listo.")
