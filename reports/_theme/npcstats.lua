-- Gives the classes that reports use their shape in Typst and Word; HTML is left to theme.css.
-- Pandoc's writers drop div classes outside HTML, so this filter turns them into calls of typst-template.typ and
-- into named Word styles. It serves Quarto and the built-in renderer alike and reads no file.

local MARKS = { ["mark-ok"] = "ok", ["mark-look"] = "look", ["mark-act"] = "act" }
local WORD_MARKS = { ok = "Mark OK", look = "Mark Look", act = "Mark Act" }

local is_typst = FORMAT:match("typst") ~= nil
local is_docx = FORMAT:match("docx") ~= nil
local is_html = FORMAT:match("html") ~= nil

local function typst(text) return pandoc.RawBlock("typst", text) end

local function word_xml(text) return pandoc.RawBlock("openxml", text) end

local function styled(style, blocks)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

local function mark_of(inline)
  if inline and inline.t == "Span" then
    for class, name in pairs(MARKS) do
      if inline.classes:includes(class) then return name end
    end
  end
end

-- A call of a Typst function with one content argument per group of blocks.
local function call(name, groups)
  local out = pandoc.List({ typst("#" .. name .. "(") })
  for i, blocks in ipairs(groups) do
    out:insert(typst(i == 1 and "[" or "], ["))
    out:extend(blocks)
  end
  out:insert(typst(#groups > 0 and "])" or ")"))
  return out
end

-- ------------------------------------------------------------------ the row of figures

local function cards_of(div)
  local cards = pandoc.List()
  for _, block in ipairs(div.content) do
    if block.t == "Div" and block.classes:includes("kpi") then cards:insert(block) end
  end
  return cards
end

local function kpis_typst(cards)
  local out = pandoc.List({ typst("#kpis(") })
  for _, card in ipairs(cards) do
    out:insert(typst("kpi(["))
    for i = 1, 3 do
      if card.content[i] then out:insert(card.content[i]) end
      if i < 3 then out:insert(typst("], [")) end
    end
    out:insert(typst("]),"))
  end
  out:insert(typst(")"))
  return out
end

local function kpis_docx(cards)
  local styles = { "KPI Figure", "KPI Label", "KPI Detail" }
  local row = pandoc.List()
  for _, card in ipairs(cards) do
    local blocks = pandoc.List()
    for i, block in ipairs(card.content) do
      blocks:insert(styled(styles[math.min(i, 3)], { block }))
    end
    row:insert(blocks)
  end
  local aligns, widths = pandoc.List(), pandoc.List()
  for _ = 1, #row do
    aligns:insert("AlignLeft")
    widths:insert(1 / #row)
  end
  local simple = pandoc.SimpleTable({}, aligns, widths, {}, { row })
  local made = pandoc.utils.from_simple_table(simple)
  made.attr = pandoc.Attr("", {}, { ["custom-style"] = "KPI" })
  return { made }
end

-- ------------------------------------------------------------------ the answer on the first page

local function split_mark(blocks)
  local first = blocks[1]
  if not first or not first.content or (first.t ~= "Plain" and first.t ~= "Para") then return nil, blocks end
  local name = mark_of(first.content[1])
  if not name then return nil, blocks end
  local rest = pandoc.List(first.content)
  local sign = rest:remove(1)
  while rest[1] and rest[1].t == "Space" do rest:remove(1) end
  local kept = pandoc.List(blocks)
  kept[1] = pandoc.Plain(rest)
  return name, kept, sign
end

local function signals_typst(list)
  local groups = pandoc.List()
  for _, item in ipairs(list.content) do
    local name, rest, sign = split_mark(item)
    groups:insert({ pandoc.Plain(name and { sign } or { pandoc.Str("•") }) })
    groups:insert(rest)
  end
  return call("signals", groups)
end

local function signals_docx(list)
  local out = pandoc.List()
  for _, item in ipairs(list.content) do
    local name, rest, sign = split_mark(item)
    local inlines = pandoc.List()
    inlines:insert(name and sign or pandoc.Str("•"))
    inlines:insert(pandoc.RawInline("openxml", "<w:r><w:tab/></w:r>"))
    if rest[1] and rest[1].content then inlines:extend(rest[1].content) end
    out:insert(styled("Signal", { pandoc.Para(inlines) }))
    for i = 2, #rest do out:insert(rest[i]) end
  end
  return out
end

local function signals(div)
  local out = pandoc.List()
  for _, block in ipairs(div.content) do
    if block.t ~= "BulletList" then
      out:insert(block)
    else
      out:extend(is_typst and signals_typst(block) or signals_docx(block))
    end
  end
  return out
end

-- ------------------------------------------------------------------ pages that lie down

local PORTRAIT = '<w:pgSz w:w="11906" w:h="16838"/>'
local LANDSCAPE = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
local MARGINS = '<w:pgMar w:top="1304" w:right="851" w:bottom="1077" w:left="851" w:header="567" w:footer="510" w:gutter="0"/>'

local function section_end(size)
  return word_xml('<w:p><w:pPr><w:spacing w:before="0" w:after="0"/><w:sectPr><w:type w:val="nextPage"/>'
    .. size .. MARGINS .. "</w:sectPr></w:pPr></w:p>")
end

local function landscape(div)
  local out = pandoc.List()
  if is_typst then
    out:insert(typst("#[\n#set page(flipped: true)"))
    out:extend(div.content)
    out:insert(typst("]"))
  else
    out:insert(section_end(PORTRAIT))
    out:extend(div.content)
    out:insert(section_end(LANDSCAPE))
  end
  return out
end

-- ------------------------------------------------------------------ tables

local function text_width(blocks)
  local widest = 0
  for _, block in ipairs(blocks) do
    for line in (pandoc.utils.stringify(block) .. "\n"):gmatch("(.-)\n") do
      widest = math.max(widest, utf8.len(line) or #line)
    end
  end
  return widest
end

local function rows_of(tbl)
  local rows = pandoc.List()
  rows:extend(tbl.head.rows)
  for _, body in ipairs(tbl.bodies) do rows:extend(body.body) end
  return rows
end

-- Word may have to take a wider font for Inter, and a broken number is worse than a broken label: there, labels give way.
local function set_widths(tbl, parts, sum)
  local specs = pandoc.List()
  for i, spec in ipairs(tbl.colspecs) do specs:insert({ spec[1], parts[i] / sum }) end
  tbl.colspecs = specs
end

-- Column widths in proportion to the longest text of each column, where the table states none. Cells that span
-- columns are not counted, nor is a cell below one that spans rows, whose column is unknown here.
local function guessed_widths(tbl)
  local longest, count = {}, #tbl.colspecs
  for i = 1, count do longest[i] = 5 end
  for _, row in ipairs(rows_of(tbl)) do
    local simple, total = true, 0
    for _, cell in ipairs(row.cells) do
      total = total + cell.col_span
      if cell.col_span > 1 then simple = false end
    end
    if simple and total == count then
      for i, cell in ipairs(row.cells) do longest[i] = math.max(longest[i], text_width(cell.contents)) end
    end
  end
  local sum = 0
  for i = 1, count do
    local most = i == 1 and (is_docx and 36 or 44) or 30
    longest[i] = math.min(longest[i], most) * (is_docx and i > 1 and 1.2 or 1) + 2
    sum = sum + longest[i]
  end
  set_widths(tbl, longest, sum)
end

-- Pandoc reads `data-widths` as `widths`; it also makes up equal widths for tables with line breaks in cells.
local function stated_widths(tbl)
  local given, sum = {}, 0
  for part in (tbl.attributes["widths"] or tbl.attributes["data-widths"] or ""):gmatch("[%d.]+") do
    given[#given + 1] = tonumber(part)
    sum = sum + given[#given]
  end
  if #given == #tbl.colspecs and sum > 0 then
    if is_docx and given[1] > 0.3 * sum then
      sum = sum - 0.22 * given[1]
      given[1] = 0.78 * given[1]
    end
    set_widths(tbl, given, sum)
    return true
  end
  return false
end

local function in_strong(blocks)
  return pandoc.List(blocks):map(function(block)
    if block.t == "Plain" or block.t == "Para" then
      return pandoc.Plain({ pandoc.Strong(block.content) })
    end
    return block
  end)
end

-- A named Word style takes hold of paragraphs only.
local function paragraphs_of(blocks)
  return pandoc.List(blocks):map(function(block)
    return block.t == "Plain" and pandoc.Para(block.content) or block
  end)
end

local function group_row(row)
  for _, cell in ipairs(row.cells) do
    if is_docx then
      cell.contents = pandoc.Blocks({ styled("Group", paragraphs_of(cell.contents)) })
    else
      cell.contents = in_strong(cell.contents)
      cell.attributes["typst:inset"] = "(x: 3.2pt, top: 5.6pt, bottom: 2.8pt)"
    end
  end
end

local function note_rows(tbl)
  for _, row in ipairs(tbl.foot.rows) do
    for _, cell in ipairs(row.cells) do
      cell.contents = pandoc.Blocks({ styled("Note", paragraphs_of(cell.contents)) })
    end
  end
end

-- A row and the rows below it that stand further in, such as a characteristic and its levels, stay on one page where they
-- are few; a row of a group's name has its own rule.
local LONGEST_RUN = 8

local function indent_of(row)
  local text, depth = pandoc.utils.stringify(row.cells[1].contents), 0
  while text:sub(3 * depth + 1, 3 * depth + 3) == "\u{2003}" do depth = depth + 1 end
  return depth
end

local function mark_runs(rows)
  local i = 1
  while i <= #rows do
    local last = i
    if not rows[i].classes:includes("group") and indent_of(rows[i]) > 0 then
      while rows[last + 1] and not rows[last + 1].classes:includes("group")
        and indent_of(rows[last + 1]) > indent_of(rows[i]) do last = last + 1 end
    end
    if last > i and last - i < LONGEST_RUN then
      for k = i, last do rows[k].cells[1].attributes["typst:breakable"] = k == i and "false" or "true" end
    end
    i = last + 1
  end
end

-- The first row stands off the rule above it; a group's name has air of its own.
local function first_row(tbl)
  local row = tbl.bodies[1] and tbl.bodies[1].body[1]
  if row and not row.classes:includes("group") then
    for _, cell in ipairs(row.cells) do
      cell.contents = pandoc.Blocks({ styled("First Row", paragraphs_of(cell.contents)) })
    end
  end
end

-- A browser finds the widths itself; where Pandoc made up equal ones, labels would break.
local function natural_widths(tbl)
  for _, spec in ipairs(tbl.colspecs) do
    if not spec[2] or math.abs(spec[2] - 1 / #tbl.colspecs) > 1e-6 then return nil end
  end
  tbl.colspecs = tbl.colspecs:map(function(spec) return { spec[1] } end)
  return tbl
end

local function Table(tbl)
  if is_html then return tbl.classes:includes("npcstats-table") and natural_widths(tbl) or nil end
  if tbl.classes:includes("npcstats-table") and not stated_widths(tbl) then guessed_widths(tbl) end
  for _, row in ipairs(rows_of(tbl)) do
    if row.classes:includes("group") then group_row(row) end
  end
  if is_docx then
    note_rows(tbl)
    if tbl.classes:includes("npcstats-table") then first_row(tbl) end
  else
    for _, body in ipairs(tbl.bodies) do mark_runs(body.body) end
  end
  return tbl
end

-- Pandoc writes the table; the theme's function takes the place of Typst's. A table that a show rule built again would be
-- a table within a table to a screen reader.
local function booktabs(tbl)
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do cell.attributes["typst:align"] = "bottom" end
  end
  if not tbl.classes:includes("typst:no-figure") then tbl.classes:insert("typst:no-figure") end
  tbl.caption = { long = {}, short = nil }
  -- One line per paragraph: a broken line that begins with a number and a full stop would begin a list.
  local text = pandoc.write(pandoc.Pandoc({ tbl }), "typst", { wrap_text = "none" })
  local made, count = text:gsub("^%s*#table%(", "#booktabs(", 1)
  return count == 1 and typst(made) or tbl
end

-- ------------------------------------------------------------------ divs and spans

local function Div(div)
  if is_html then return nil end
  local classes = div.classes
  if classes:includes("kpis") then
    local cards = cards_of(div)
    return is_typst and kpis_typst(cards) or kpis_docx(cards)
  elseif classes:includes("signals") then
    return signals(div)
  elseif classes:includes("note") then
    return is_typst and call("note", { div.content }) or styled("Note", div.content)
  elseif classes:includes("landscape") then
    return landscape(div)
  elseif classes:includes("form") or classes:includes("boxes") or classes:includes("lines") then
    return is_typst and call(classes[1], { div.content }) or div
  elseif classes:includes("approval") then
    local made = div:walk({ Table = function(tbl)
      if #tbl.colspecs == 4 then set_widths(tbl, { 24, 30, 30, 16 }, 100) end
      if is_docx then tbl.attributes["custom-style"] = "Approval" end
      if is_typst then tbl.attributes["typst:inset"] = "(x: 4pt, y: 11pt)" end
      return tbl
    end })
    return is_typst and call("approval", { made.content }) or made
  end
end

local function Span(span)
  local name = mark_of(span)
  if not name or is_html then return nil end
  if is_typst then
    local out = pandoc.List({ pandoc.RawInline("typst", '#mark("' .. name .. '", [') })
    out:extend(span.content)
    out:insert(pandoc.RawInline("typst", "])"))
    return out
  end
  span.attributes["custom-style"] = WORD_MARKS[name]
  return span
end

-- Quarto keeps what a picture shows in an attribute; in Word it is the picture's own text.
local function Image(img)
  local said = img.attributes["fig-alt"] or img.attributes["alt"]
  if not is_docx or not said then return nil end
  img.caption = pandoc.Inlines(said)
  img.attributes["fig-alt"], img.attributes["alt"] = nil, nil
  return img
end

-- ------------------------------------------------------------------ what the first page and the edges say

local FACTS = { "report-type", "registry", "cutoff", "results-hash", "version" }

local function meta_inlines(doc, key)
  local value = doc.meta[key]
  if value == nil then return nil end
  return pandoc.utils.type(value) == "Inlines" and value or pandoc.Inlines((pandoc.utils.stringify(value):gsub("%s+$", "")))
end

local function spans(doc, keys)
  local out = pandoc.List()
  for _, key in ipairs(keys) do
    local value = meta_inlines(doc, key)
    if value then out:insert(pandoc.Span(value, pandoc.Attr("", { "npc-" .. key }))) end
  end
  return out
end

local function html_line(doc, class, keys)
  local content = spans(doc, keys)
  return #content > 0 and pandoc.Div({ pandoc.Plain(content) }, pandoc.Attr("", { class })) or nil
end

local function facts_docx(doc)
  local joined = pandoc.List()
  for i, span in ipairs(spans(doc, FACTS)) do
    if i > 1 then joined:insert(pandoc.Str(" · ")) end
    joined:insert(span)
  end
  return #joined > 0 and styled("Facts", { pandoc.Para(joined) }) or nil
end

-- A document names in `requires` what its pages must carry; without it, as in a render that goes past npcstats, none is made.
local function refuse_unmarked(doc)
  local absent = pandoc.List(doc.meta.requires or {}):map(pandoc.utils.stringify):filter(function(key)
    return doc.meta[key] == nil
  end)
  if #absent > 0 then
    io.stderr:write("ERROR: this report is not made without the marks of its run on every page (" .. table.concat(absent, ", ")
      .. " missing); `npcstats render NAME` or `nox -s render -- NAME` is required.\n")
    os.exit(1)
  end
end

-- Signs that Typst would read as a minus, an ellipsis or a soft hyphen, and Pandoc's writer lets pass: what data and
-- plan say is printed as it stands.
local MINUS = "^%-%d"
local SHORTHANDS = { MINUS, "^%-%-", "^%-%?", "^%.%.%." }

local function shorthand_at(text, place)
  for i = place, #text do
    local before = text:sub(i - 1, i - 1)
    for _, sign in ipairs(SHORTHANDS) do
      if text:match(sign, i) and not (sign == MINUS and before:match("[%w\128-\255]")) then return i end
    end
  end
end

local function Str(str)
  if not str.text:find("[%-%.]") then return nil end
  local out, place = pandoc.List(), 1
  local at = shorthand_at(str.text, place)
  if not at then return nil end
  while at do
    if at > place then out:insert(pandoc.Str(str.text:sub(place, at - 1))) end
    out:insert(pandoc.RawInline("typst", "\\" .. str.text:sub(at, at)))
    place = at + 1
    at = shorthand_at(str.text, place)
  end
  if place <= #str.text then out:insert(pandoc.Str(str.text:sub(place))) end
  return out
end

-- HTML has no running header: a banner and a last line say what pages say. Word's first page states the facts.
local function Pandoc(doc)
  refuse_unmarked(doc)
  local first = nil
  if is_html then
    local banner = html_line(doc, "npc-banner", { "trial", "data-mark", "confidentiality" })
    local closing = html_line(doc, "npc-footer", { "data-mark", "cutoff", "results-hash", "version" })
    if banner then doc.meta["include-before"] = pandoc.MetaBlocks({ banner }) end
    if closing then doc.meta["include-after"] = pandoc.MetaBlocks({ closing }) end
    first = html_line(doc, "npc-facts", FACTS)
  elseif is_docx then
    first = facts_docx(doc)
  end
  if first then doc.blocks:insert(1, first) end
  return doc
end

-- Signals are read before their marks are turned into calls.
return {
  { Div = Div, Table = Table },
  { Span = Span, Image = Image },
  { Str = is_typst and Str or nil },
  { Table = is_typst and booktabs or nil },
  { Pandoc = Pandoc },
}
