// Sort a table by the column whose heading is pressed; pressed again, the other way round.
for (const table of document.querySelectorAll("table.sortable")) {
  const headings = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const value = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
  headings.forEach((heading, column) => {
    if (heading.tagName !== "TH") return;  // above a picture
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const numeric = heading.classList.contains("number");
      // Numbers start with the largest, words with A; what has no value comes last either way.
      const before = heading.getAttribute("aria-sort");
      const ascending = before ? before !== "ascending" : !numeric;
      const compare = (a, b) => {
        const [x, y] = [value(a, column), value(b, column)];
        if (x === "" || y === "") return (x === "") - (y === "");
        const order = numeric ? Number(x) - Number(y) : x.localeCompare(y, "es", { numeric: true });
        return ascending ? order : -order;
      };
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      body.append(...[...body.rows].sort(compare));
    });
  });
}

// Show the rows that have all the words of the search in them, accents and capitals aside.
const plain = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
const search = document.querySelector(".search");
const rows = [...document.querySelectorAll("table.sortable > tbody > tr")].map((row) => [row, plain(row.textContent)]);
search.hidden = false;
search.querySelector("input").addEventListener("input", (event) => {
  const words = plain(event.target.value).split(/\s+/).filter(Boolean);
  const found = rows.filter(([row, text]) => !(row.hidden = !words.every((word) => text.includes(word))));
  for (const folded of document.querySelectorAll("details:has(table)")) {
    folded.open = words.length > 0 && found.some(([row]) => folded.contains(row));
  }
  const { one, many } = search.querySelector("output").dataset;
  const said = found.length === 1 ? one : many.replace("{}", found.length);
  search.querySelector("output").textContent = words.length ? said : "";
});

// Where a Jupyter server shows this page, the formgrader is on that server, and feedback pages open in JupyterLab: the
// server shows no file to who comes from a page like this one, which it keeps apart and so sends no referrer.
const [server, file] = location.pathname.split("/files/");
if (file) {
  for (const link of document.querySelectorAll("a[href]:not([href^='#'])")) {
    link.href = link.matches(".formgrader")
      ? server + "/formgrader" + link.href.slice(link.href.lastIndexOf("/submissions/"))
      : server + "/lab/tree/" + new URL(link.href).pathname.slice((server + "/files/").length);
  }
}
