using System.Globalization;
using System.Text;
using System.Xml;

namespace DispatchCenter.Simulator.Reporting;

/// <summary>The verdict as JUnit XML: a test case for each promise; one that nothing put to the test is skipped.</summary>
internal static class JUnit
{
    public static string Of(Summary summary)
    {
        var text = new StringWriterUtf8();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, Encoding = Encoding.UTF8 }))
        {
            xml.WriteStartElement("testsuites");
            WriteSuite(xml, summary);
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static void WriteSuite(XmlWriter xml, Summary summary)
    {
        var name = $"dispatch-simulator.{summary.About?.Scenario ?? summary.About?.Command ?? "run"}";
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", name);
        Attribute(xml, "tests", Said(summary.Promises.Count));
        Attribute(xml, "failures", Said(summary.Promises.Count(p => p.Count > 0)));
        Attribute(xml, "errors", "0");
        Attribute(xml, "skipped", Said(summary.Promises.Count(p => p.IsUntested)));
        Attribute(xml, "time", summary.Seconds.ToString("F3", CultureInfo.InvariantCulture));
        if (summary.About is { } about) Attribute(xml, "timestamp", about.StartedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        xml.WriteStartElement("properties");
        Property(xml, "seed", Said(summary.Seed));
        Property(xml, "plan", summary.About?.Plan);
        Property(xml, "version", summary.About?.Version);
        Property(xml, "commandLine", summary.About is null ? null : string.Join(' ', summary.About.CommandLine));
        xml.WriteEndElement();
        foreach (var promise in summary.Promises)
        {
            xml.WriteStartElement("testcase");
            Attribute(xml, "classname", name);
            Attribute(xml, "name", promise.Name);
            Attribute(xml, "assertions", promise.Checks.ToString(CultureInfo.InvariantCulture));
            Attribute(xml, "time", "0");
            if (promise.Count > 0)
            {
                xml.WriteStartElement("failure");
                Attribute(xml, "message", $"{promise.Count} of {promise.Checks}");
                xml.WriteString(Clean(string.Join('\n', promise.Examples)));
                xml.WriteEndElement();
            }
            else if (promise.IsUntested)
            {
                xml.WriteStartElement("skipped");
                Attribute(xml, "message", "nothing in the run put it to the test");
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Property(XmlWriter xml, string name, string? value)
    {
        if (value is null) return;
        xml.WriteStartElement("property");
        Attribute(xml, "name", name);
        Attribute(xml, "value", value);
        xml.WriteEndElement();
    }

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Clean(value));

    /// <summary>Without the characters that XML cannot hold.</summary>
    private static string Clean(string text) => new([.. text.Where((c, i) => XmlConvert.IsXmlChar(c)
        || (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) || (char.IsLowSurrogate(c) && i > 0 && char.IsHighSurrogate(text[i - 1])))]);

    private static string Said(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class StringWriterUtf8() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
