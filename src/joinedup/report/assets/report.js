(function () {
  "use strict";
  var drawer = document.getElementById("drawer");
  var body = document.getElementById("drawer-body");
  var title = document.getElementById("drawer-title");
  var back = document.getElementById("drawer-back");
  var trail = [];
  if (!drawer.showModal) return;

  function copy(node) {
    var made = node.cloneNode(true);
    made.removeAttribute("id");
    made.querySelectorAll("[id]").forEach(function (one) { one.removeAttribute("id"); });
    return made;
  }

  function add(tag, text, className) {
    var made = document.createElement(tag);
    made.textContent = text;
    if (className) made.className = className;
    body.appendChild(made);
    return made;
  }

  function value(row, record) {
    var cells = row.children;
    title.textContent = "Evidence for a number";
    add("p", cells[1].textContent, "value");
    add("p", cells[2].textContent);
    body.appendChild(document.createElement("p")).appendChild(copy(cells[0].firstElementChild));
    var behind = row.lastElementChild.querySelector("a");
    var rows = behind && document.getElementById(decodeURIComponent(behind.hash.slice(1)));
    if (rows) {
      add("h3", "Rows behind it");
      body.appendChild(copy(rows)).querySelector("p").remove();
    }
    add("h3", record.querySelector("summary").textContent);
    body.appendChild(copy(record.querySelector(".about")));
    var code = cells[0].textContent.split(".")[0];
    var quotes = document.getElementById("quotes-" + record.id.slice(3) + "-" + code);
    if (quotes) body.appendChild(copy(quotes));
  }

  function whole(record) {
    title.textContent = record.querySelector("summary").textContent;
    Array.prototype.slice.call(record.children, 1).forEach(function (part) { body.appendChild(copy(part)); });
  }

  function show(id) {
    var target = document.getElementById(id);
    if (!target) return false;
    body.textContent = "";
    if (target.tagName === "TR") value(target, target.closest("details.record"));
    else whole(target);
    trail.push(id);
    back.hidden = trail.length < 2;
    if (!drawer.open) drawer.showModal();
    drawer.scrollTop = 0;
    return true;
  }

  document.addEventListener("click", function (event) {
    if (event.target === drawer) { drawer.close(); return; }
    var link = event.target.closest("a.v, a.ev, dialog a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    var id = decodeURIComponent(link.hash.slice(1));
    if (link.matches("a.v, a.ev") ? show(id) : false) event.preventDefault();
    else if (drawer.contains(link)) drawer.close();
  });
  back.addEventListener("click", function () { trail.pop(); show(trail.pop()); });
  document.getElementById("drawer-close").addEventListener("click", function () { drawer.close(); });
  drawer.addEventListener("close", function () { trail = []; });

  if (window.matchMedia("(max-width: 64rem)").matches) document.querySelector(".contents details").open = false;
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details.data, main details.cautions").forEach(function (one) { one.open = true; });
  });
})();
