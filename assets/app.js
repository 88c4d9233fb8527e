/* What pages can do beyond what they do without a script, each by an attribute. */
"use strict";
(() => {
const $ = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (name, properties, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
/* A line below a field, read out. */
function note(field, text) {
  const line = $(".saved", field.parentElement) || make("p", { className: "saved", role: "status" });
  field.after(line);
  line.textContent = text;
}
const clock = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

/* What the browser keeps, if it does. */
const kept = {
  read(key) { try { return JSON.parse(localStorage.getItem("chithi." + key)); } catch { return null; } },
  write(key, value) { try { localStorage.setItem("chithi." + key, JSON.stringify(value)); } catch { /* full */ } },
  drop(key) { try { localStorage.removeItem("chithi." + key); } catch { /* refused */ } },
};

/* A question; true when it was answered with `yes`. */
function ask(content, yes, no) {
  return new Promise(resolve => {
    const before = document.activeElement;
    const form = make("form", { method: "dialog" }, ...content);
    const actions = make("div", { className: "actions" });
    if (no) actions.append(make("button", { className: "button", value: "", textContent: no, autofocus: true }));
    actions.append(make("button", { className: "button primary", value: "1", textContent: yes }));
    form.append(actions);
    const dialog = make("dialog", {}, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before) before.focus();
      resolve(dialog.returnValue === "1");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
const said = text => make("p", { textContent: text });

/* data-confirm="question": what is clicked goes on when the answer is data-confirm-yes. */
const confirmed = new WeakSet();
document.addEventListener("click", event => {
  const button = event.target.closest("[data-confirm]");
  if (!button || confirmed.delete(button)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask([said(button.dataset.confirm)], button.dataset.confirmYes || button.textContent.trim(), "Quay lại").then(yes => {
    if (!yes) return;
    confirmed.add(button);
    button.click();
  });
}, true);

/* A form is sent once, however often its button is pressed. */
const busy = new WeakSet(), waiting = new WeakMap(); /* forms, and when they are to be saved as drafts */
const release = form => busy.delete(form);
document.addEventListener("submit", event => {
  const form = event.target;
  if (form.method === "dialog") return;
  if (busy.has(form)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  busy.add(form);
  clearTimeout(waiting.get(form));
  setTimeout(release, 10000, form);
}, true);
addEventListener("pageshow", () => all("form").forEach(release));

/* data-swap="#id": the form is sent without leaving the page; the element is replaced by the answer's. */
function answered(form, submitter) {
  const data = new FormData(form);
  if (submitter && submitter.name) data.append(submitter.name, submitter.value);
  const isFile = form.enctype === "multipart/form-data";
  const body = isFile ? data : new URLSearchParams([...data].filter(([, value]) => typeof value === "string"));
  const action = (submitter && submitter.getAttribute("formaction")) || form.getAttribute("action") || location.href;
  if (form.method === "post") return fetch(action, { method: "POST", body, headers: { Accept: "text/html" } });
  const address = new URL(action, location.href);
  address.search = body;
  return fetch(address, { headers: { Accept: "text/html" } });
}
function put(selector, page) {
  const wanted = $(selector) && $(selector, page) ? selector : "#noi-dung";
  const focused = document.activeElement && document.activeElement.id;
  const fresh = document.adoptNode($(wanted, page));
  $(wanted).replaceWith(fresh);
  document.title = page.title;
  begin(fresh);
  const next = $(".summary", fresh) || (focused && document.getElementById(focused)) || $("h1, h2, legend", fresh) || fresh;
  if (!next.matches("a, button, input, select, textarea")) next.tabIndex = -1;
  next.focus();
  return fresh;
}
document.addEventListener("submit", async event => {
  const form = event.target, swap = form.dataset.swap;
  if (!swap || event.defaultPrevented) return;
  event.preventDefault();
  try {
    const answer = await answered(form, event.submitter);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const isFaulty = $(".summary", page);
    if (answer.ok || $(swap, page)) drop(form);
    if (!$("#noi-dung", page)) { location.assign(answer.url); return; }
    if (answer.ok && (answer.redirected || form.method === "get")) history.pushState(null, "", answer.url);
    const fresh = put(swap, page);
    if (isFaulty && fresh.dataset.autosave) changed(fresh);
  } catch {
    offline(true);
  }
  release(form);
});
addEventListener("popstate", () => location.reload());

function offline(isOff) {
  const banner = $(".offline[data-made]");
  if (banner) banner.hidden = !isOff;
  else if (isOff) {
    const text = "Mất mạng – " + ($("[data-autosave]") ? "nội dung đồng chí gõ vẫn còn trên máy này." : "chưa gửi được.");
    const made = make("p", { className: "offline", textContent: text });
    made.dataset.made = "";
    made.setAttribute("role", "status");
    document.body.prepend(made);
  }
}
addEventListener("offline", () => offline(true));
addEventListener("online", () => { offline(false); all("[data-autosave]").forEach(form => kept.read(keyOf(form)) && save(form)); });

/* data-autosave="/address" data-key="name": two seconds after the last letter the form goes there as if a button with
 * lam=nhap was pressed. The key is of a person and a form; with the text comes what its form was known by, so
 * that nothing is made twice and what others have changed is seen. */
const WAIT = 2000, WEEK = 7 * 24 * 3600 * 1000;
const keyOf = form => "nhap." + (form.dataset.key || form.dataset.autosave);
const tell = (form, text, isBad) => {
  const line = $("[data-saved]", form);
  if (!line) return;
  line.textContent = text;
  line.classList.toggle("bad", Boolean(isBad));
};
const texts = form => [...new FormData(form)].filter(([, value]) => typeof value === "string");
const typed = form => texts(form).filter(([name]) => name !== "ma");
function drop(form) { clearTimeout(waiting.get(form)); if (form.dataset.autosave) kept.drop(keyOf(form)); }
async function save(form) {
  const sent = JSON.stringify(typed(form));
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams([...texts(form), ["lam", "nhap"]]), headers: { Accept: "application/json" } });
    if (!answer.ok) throw null;
    offline(false);
    if (JSON.stringify(typed(form)) === sent) kept.drop(keyOf(form));
    tell(form, "Đã tự lưu nháp " + clock() + " ✓");
  } catch (error) {
    offline(error);
    tell(form, "Chưa lưu được nháp; nội dung còn trên máy này.", true);
  }
}
function changed(form) {
  kept.write(keyOf(form), { at: Date.now(), values: typed(form) });
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(save, WAIT, form));
}
document.addEventListener("input", event => { const form = event.target.form; if (form && form.dataset.autosave) changed(form); });

function restore(form) {
  const copy = kept.read(keyOf(form));
  if (!copy) return;
  if (Date.now() - copy.at > WEEK) { kept.drop(keyOf(form)); return; }
  all("[data-list]", form).forEach(editor => {
    const list = editor.dataset.list + ".";
    const last = Math.max(-1, ...copy.values.map(([name]) => name.startsWith(list) ? parseInt(name.slice(list.length), 10) : -1));
    while (rowsOf(editor).length <= last && addRow(editor));
  });
  const values = new Map();
  copy.values.forEach(([name, value]) => values.set(name, [...(values.get(name) || []), value]));
  [...form.elements].forEach(element => {
    if (!element.name || element.name === "ma" || /file|submit/.test(element.type)) return;
    if (/checkbox|radio/.test(element.type)) element.checked = (values.get(element.name) || []).includes(element.value);
    else if (values.has(element.name)) element.value = values.get(element.name).shift() ?? element.value;
  });
  tell(form, "Đã lấy lại nội dung đang gõ dở trên máy này.");
  changed(form);
}

/* Rows of a list: data-list="name" around data-row elements and a template; names are name.NUMBER.column. */
const rowsOf = editor => all("[data-row]", editor);
function renumber(editor) {
  const pattern = new RegExp("^" + editor.dataset.list + "\\.(\\d+|N)(?=\\.|$)");
  rowsOf(editor).forEach((row, i) => {
    all("[data-number]", row).forEach(number => { number.textContent = i + 1; });
    all("[name], [id], [for], [aria-describedby], [value]", row).forEach(element => {
      for (const name of ["name", "id", "for", "aria-describedby", "value"])
        if (element.hasAttribute(name) && (name !== "value" || element.matches("button")))
          element.setAttribute(name, element.getAttribute(name).replace(pattern, editor.dataset.list + "." + i));
    });
  });
}
function addRow(editor) {
  const template = $("template", editor);
  if (!template) return null;
  template.before(template.content.cloneNode(true));
  renumber(editor);
  return rowsOf(editor).pop();
}
document.addEventListener("click", event => {
  const button = event.target.closest("[data-add-row], [data-remove-row]"), editor = button && button.closest("[data-list]");
  if (!editor || event.defaultPrevented) return;
  event.preventDefault();
  const form = button.form, row = button.closest("[data-row]");
  if (row) {
    row.remove();
    renumber(editor);
    $("[data-add-row]", editor).focus();
  } else $("input, select, textarea", addRow(editor)).focus();
  if (form && form.dataset.autosave) changed(form);
});

/* data-paste-columns="a b": cells copied from a spreadsheet become rows. */
const plain = text => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").trim().toLowerCase();
function fill(element, text) {
  if (!element) return;
  const option = element.options && [...element.options].find(one => plain(one.text) === plain(text) || one.value === text);
  element.value = option ? option.value : text;
}
document.addEventListener("paste", event => {
  const area = event.target, columns = area.dataset && area.dataset.pasteColumns, editor = area.closest && area.closest("[data-list]");
  if (!columns || !editor) return;
  const lines = event.clipboardData.getData("text").replace(/\r/g, "").split("\n").filter(line => line.trim());
  if (!lines.length) return;
  event.preventDefault();
  const isBlank = row => all("input, textarea", row).every(field => !field.value);
  let row = rowsOf(editor).pop();
  lines.forEach(line => {
    if (!row || !isBlank(row)) row = addRow(editor);
    line.split("\t").forEach((cell, i) => fill($(`[name$=".${columns.split(" ")[i]}"]`, row), cell.trim()));
  });
  area.value = "";
  note(area, `Đã đưa ${lines.length} dòng vào bảng.`);
  if (area.form && area.form.dataset.autosave) changed(area.form);
});

/* data-all="name": one box for all boxes of that name. */
document.addEventListener("change", event => {
  const box = event.target, form = box.form;
  if (!form || box.type !== "checkbox") return;
  const every = $("[data-all]", form), boxes = every ? all(`[name="${every.dataset.all}"]`, form) : [];
  if (box === every) boxes.forEach(one => { one.checked = every.checked; });
  const count = boxes.filter(one => one.checked).length;
  if (every) { every.checked = boxes.length > 0 && count === boxes.length; every.indeterminate = count > 0 && count < boxes.length; }
  all("[data-picked]", form).forEach(place => { place.textContent = count; });
});

/* Photos are sent in the first of these shapes that is small enough, without where they were taken. */
const SHAPES = [[1600, 0.85], [1600, 0.7], [1600, 0.5], [1200, 0.5], [900, 0.5]], ENOUGH = 300 * 1024;
async function smaller(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= ENOUGH) return file;
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  let blob = file;
  for (const [side, quality] of SHAPES) {
    const scale = Math.min(1, side / Math.max(image.width, image.height));
    const canvas = make("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    blob = await new Promise(resolve => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob.size <= ENOUGH) break;
  }
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
}
document.addEventListener("change", async event => {
  const input = event.target;
  if (input.type !== "file" || !input.files.length) return;
  const files = await Promise.all([...input.files].map(file => smaller(file).catch(() => file)));
  const list = new DataTransfer();
  files.forEach(file => list.items.add(file));
  input.files = list.files;
  const size = Math.ceil(files.reduce((sum, file) => sum + file.size, 0) / 1024);
  note(input, `${files.length} tệp, ${size.toLocaleString("vi-VN")} KB`);
});

/* data-poll="/address.json" data-every="60" data-name="count": that value is shown; none, or that of data-unless, hides it. */
function poll(element) {
  const { poll: address, every = "60", name = "count", unless = "0" } = element.dataset;
  setInterval(async () => {
    if (document.hidden || !element.isConnected) return;
    try {
      const value = (await (await fetch(address, { headers: { Accept: "application/json" } })).json())[name];
      if (element.childElementCount === 0) element.textContent = value ?? "";
      element.hidden = value == null || String(value) === unless;
    } catch { /* asked again */ }
  }, every * 1000);
}

/* data-session-end="seconds": two minutes before, one is asked. */
const NOTICE = 120;
let ending;
function watchSession(seconds) {
  clearTimeout(ending);
  ending = setTimeout(async () => {
    const text = "Phiên làm việc sắp kết thúc vì lâu không thao tác. Nội dung đang gõ đã được giữ lại.";
    if (await ask([said(text)], "Làm tiếp")) fetch(location.href, { method: "HEAD" }).then(() => watchSession(seconds), () => offline(true));
  }, Math.max(0, seconds - NOTICE) * 1000);
}

/* data-keys around data-row elements: J and K go down and up; D and T press data-press="d" and "t", for the row where one
 * is when no box is ticked. */
const keysAreOff = () => kept.read("keys") === "off";
function help() {
  const box = make("input", { type: "checkbox", checked: keysAreOff(), onchange() { kept.write("keys", box.checked ? "off" : "on"); } });
  const list = ["J: dòng dưới", "K: dòng trên", "D: duyệt", "T: trả lại", "?: bảng này"].map(text => make("li", { textContent: text }));
  return ask([make("h2", { textContent: "Phím tắt" }), make("ul", {}, ...list), make("label", {}, box, " Tắt phím tắt")], "Đóng");
}
document.addEventListener("keydown", event => {
  const rows = all("[data-keys] [data-row]"), key = event.key.toLowerCase();
  if (!rows.length || event.ctrlKey || event.altKey || event.metaKey || $("dialog[open]") ||
      event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  if (key === "?") { help(); return; }
  if (keysAreOff() || !"jkdt".includes(key)) return;
  const at = rows.findIndex(row => row.contains(document.activeElement));
  if ("jk".includes(key)) {
    $("a, input, button", rows[Math.min(rows.length - 1, Math.max(0, at + (key === "j" ? 1 : -1)))]).focus();
    return;
  }
  const area = (rows[at] || rows[0]).closest("[data-keys]"), button = $(`[data-press="${key}"]`, area);
  const box = at >= 0 && !$("[data-row] :checked", area) && $("[type=checkbox]", rows[at]);
  if (box) box.click();
  if (button) button.click();
});

function begin(within) {
  all("[data-autosave]", within).concat(within.matches && within.matches("[data-autosave]") ? within : []).forEach(restore);
  all("[data-poll]", within).forEach(poll);
}
begin(document);
const session = $("[data-session-end]");
if (session) watchSession(Number(session.dataset.sessionEnd));
})();
