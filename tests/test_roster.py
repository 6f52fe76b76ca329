"""Lists of students as offices, platforms and spreadsheets write them."""

import pytest

from grader.course import GradingError
from grader.roster import drop, read_roster

from .course import command, new_course

ANA = {"id": "ana", "first_name": "Ana", "last_name": "Muñoz", "email": "ana@uni.es"}
LISTS = {
    "ours": "id,first_name,last_name,email\nana,Ana,Muñoz,ana@uni.es\n",
    "Moodle": "Nombre,Apellido(s),Número de ID,Dirección de correo\nAna,Muñoz,ana,ana@uni.es\n",
    "Excel": "sep=;\nDNI;Nombre;Apellidos;Correo electrónico\nana;Ana;Muñoz;ana@uni.es\n",
    "quoted": '"DNI";"Apellidos, nombre";"E-mail"\n"ana";"Muñoz, Ana";"ana@uni.es"\n',
    "tabs": "username\tfull name\temail\nana\tMuñoz, Ana\tana@uni.es\n",
    "both": "Número de ID,id,first name,last name,email\n77,ana,Ana,Muñoz,ana@uni.es\n",
}
WRONG = {
    "case": ("id\nzoe\nZoe\n", "differ in nothing but small and capital letters: Zoe, zoe"),
    "twice": ("id,name\nana,A\nana,B\n", "names ana more than once"),
    "number": ("id,name\n1.23E+08,A\n", "a spreadsheet has taken for numbers, as 1.23E+08"),
    "decimals": ("id,name\n123.0,A\n", "a spreadsheet has taken for numbers, as 123.0"),
    "no id": ("Nombre,Grupo\nAna,A\n", "has no column that tells students apart: name one of its headings id"),
    "short": ("id,name,email\nana,A\n", "is no list that can be read: save it as CSV"),
    "nobody": ("id,name\n", "names nobody"),
    "empty": ("id,name\n,Ana\n", "row 2 has no id"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read(tmp_path, name, encoding):
    (tmp_path / "class.csv").write_text(LISTS[name], encoding)
    [person], _, renamed = read_roster(tmp_path / "class.csv")
    assert person == ANA and not renamed


@pytest.mark.parametrize("name", WRONG)
def test_a_list_that_cannot_be_meant_is_refused(tmp_path, name):
    text, said = WRONG[name]
    (tmp_path / "class.csv").write_text(text if "," in text else text.replace("\n", ",x\n"), "utf-8")
    with pytest.raises(GradingError) as caught:
        read_roster(tmp_path / "class.csv")
    assert said in str(caught.value)


def test_an_id_that_is_no_folder_is_said(tmp_path):
    (tmp_path / "class.csv").write_text("id,name\n../x,A\n=1+1,B\n", "utf-8")
    people, _, renamed = read_roster(tmp_path / "class.csv")
    assert renamed == dict(zip(["../x", "=1+1"], [person["id"] for person in people], strict=True))


def test_what_is_written_is_read_again(tmp_path):
    course = new_course(tmp_path, [])
    (tmp_path / "class.csv").write_text("id,first_name,last_name,email\nana,=1+1,'quoted',\n", "utf-8")
    assert "Students: 1 new" in command("grader", "roster", "class.csv", folder=tmp_path).stdout
    command("grader", "roster", "--to", "out.csv", folder=tmp_path)
    assert "0 changed, 1 as they were" in command("grader", "roster", "out.csv", folder=tmp_path).stdout
    for nobody in ("", ".", "..", "../x"):  # as of an unset variable
        (tmp_path / "submitted" / "ana").mkdir(parents=True, exist_ok=True)
        with pytest.raises(GradingError, match="is no student: name one"):
            drop(course, nobody)
    assert (tmp_path / "submitted" / "ana").is_dir() and not (tmp_path / "dropped").exists()
