using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace DispatchCenter.Hub.Kernel.Tables;

/// <summary>
/// A workbook (Office Open XML) of one sheet, in which every cell is a text, also what somebody types into it later: a spreadsheet program leaves 001, 3-2 and long numbers as they
/// are, and takes nothing for a formula. <see cref="TableFile"/> reads the same cells from it, also after such a program has saved it.
/// </summary>
internal static partial class WorkbookWriting
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", Of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", Package = "http://schemas.openxmlformats.org/package/2006/";

    /// <summary>Number 49 is text. The header's style is the second.</summary>
    private const string Styles = $"""
        <styleSheet xmlns="{Main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
        <fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
        <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
        <cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>
        <cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>
        """;

    /// <param name="sheet">Its name: at most 31 characters, without : \ / ? * [ ].</param>
    /// <param name="rows">Header first, which stays in sight.</param>
    public static byte[] Write(string sheet, IReadOnlyCollection<IReadOnlyList<string>> rows)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Part(zip, "[Content_Types].xml", $"""<Types xmlns="{Package}content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>""");
            Part(zip, "_rels/.rels", $"""<Relationships xmlns="{Package}relationships"><Relationship Id="rId1" Type="{Of}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
            Part(zip, "xl/workbook.xml", $"""<workbook xmlns="{Main}" xmlns:r="{Of}"><sheets><sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>""");
            Part(zip, "xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="{Package}relationships"><Relationship Id="rId1" Type="{Of}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{Of}/styles" Target="styles.xml"/></Relationships>""");
            Part(zip, "xl/styles.xml", Styles);
            using var part = zip.CreateEntry("xl/worksheets/sheet1.xml").Open();
            using var xml = XmlWriter.Create(part, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), NewLineHandling = NewLineHandling.Entitize });
            WriteSheet(xml, rows);
        }

        return bytes.ToArray();
    }

    private static void Part(ZipArchive zip, string path, string content)
    {
        using var part = new StreamWriter(zip.CreateEntry(path).Open());
        part.Write("""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""");
        part.Write(content);
    }

    private static void WriteSheet(XmlWriter xml, IReadOnlyCollection<IReadOnlyList<string>> rows)
    {
        xml.WriteStartElement("worksheet", Main);
        xml.WriteRaw("""<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>""");
        xml.WriteRaw(string.Create(CultureInfo.InvariantCulture, $"""<cols><col min="1" max="{Math.Max(1, rows.Max(r => r.Count))}" width="16" style="1" customWidth="1"/></cols><sheetData>"""));
        var line = 0;
        foreach (var row in rows)
        {
            line++;
            xml.WriteStartElement("row", Main);
            xml.WriteAttributeString("r", line.ToString(CultureInfo.InvariantCulture));
            for (var column = 0; column < row.Count; column++)
            {
                if (row[column].Length == 0) continue;
                xml.WriteStartElement("c", Main);
                xml.WriteAttributeString("r", string.Create(CultureInfo.InvariantCulture, $"{Letters(column)}{line}"));
                xml.WriteAttributeString("s", line == 1 ? "2" : "1");
                xml.WriteAttributeString("t", "inlineStr");
                xml.WriteStartElement("is", Main);
                xml.WriteStartElement("t", Main);
                xml.WriteAttributeString("xml", "space", null, "preserve");
                xml.WriteString(Escaped(row[column]));
                xml.WriteEndElement();
                xml.WriteEndElement();
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteRaw("</sheetData>");
        xml.WriteEndElement();
    }

    private static string Letters(int column) => column < 26 ? ((char)('A' + column)).ToString() : Letters((column / 26) - 1) + (char)('A' + (column % 26));

    /// <summary>What XML cannot hold is shown as lost, and what looks like an escape of a workbook is written as one.</summary>
    private static string Escaped(string text)
    {
        if (!text.All(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)) || text.EnumerateRunes().Any(r => r == Rune.ReplacementChar))
            text = string.Concat(text.EnumerateRunes().Select(r => r.IsBmp && !XmlConvert.IsXmlChar((char)r.Value) ? "\uFFFD" : r.ToString()));
        return Escape().Replace(text, "_x005F$0");
    }

    [GeneratedRegex("_x[0-9A-Fa-f]{4}_")]
    private static partial Regex Escape();
}
