using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DispatchCenter.Hub.Kernel;

/// <summary>A document of the street, such as its policy, that cannot be used, with the reason in Chinese and English.</summary>
public sealed partial class UnusableDocumentException : FormatException
{
    private UnusableDocumentException(string zh, string en, Exception? inner)
        : base(en, inner) => Chinese = zh;

    public string Chinese { get; }

    public string English => Message;

    /// <summary>The reason as one of the <see cref="Sentences"/>, with its blanks filled.</summary>
    public static UnusableDocumentException Of(string code, params object[] values) => Of(null, code, values);

    /// <summary>Names the line and the members that are wrong, without the serializer's internal type names.</summary>
    public static UnusableDocumentException Of(JsonException e)
    {
        var members = Quoted().Matches(e.Message).Select(m => m.Groups[1].Value).Where(name => name is not ("true" or "false" or "null") && !name.Contains('.', StringComparison.Ordinal)).ToList();
        var path = e.Path is { Length: > 0 } known ? known : "$";
        var (line, place) = ((e.LineNumber ?? 0) + 1, path.Length > 1 ? ", " + path : string.Empty);
        return members.Count > 0
            ? Of(e, "document_members", line, place, string.Join(", ", members.Select(name => path.EndsWith($".{name}", StringComparison.Ordinal) ? path : $"{path}.{name}")))
            : Of(e, "document_no_json", line, place);
    }

    private static UnusableDocumentException Of(Exception? inner, string code, params object[] values)
    {
        var (_, zh, en) = Sentences.Find(code);
        return new UnusableDocumentException(string.Format(CultureInfo.InvariantCulture, zh, values), string.Format(CultureInfo.InvariantCulture, en, values), inner);
    }

    [GeneratedRegex("'([A-Za-z][A-Za-z0-9.]+)'")]
    private static partial Regex Quoted();
}
