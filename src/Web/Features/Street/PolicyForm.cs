using System.Globalization;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Web.Features.Street;

/// <summary>Reads the table of a policy from a form. Blank lines and those marked as gone are left out.</summary>
internal static class PolicyForm
{
    /// <summary>The most lines read of either table; more than a policy may have, so that it refuses them itself.</summary>
    public const int MostLines = Policy.MaxCategories + 20;

    /// <summary>The most values of the form.</summary>
    public const int MostValues = 4_000;

    public static PolicySheet Read(IFormCollection form)
    {
        return new PolicySheet
        {
            Answers = [.. Lines("answers", "key").Select(at => new SheetAnswer(Code($"{at}.key"), Text($"{at}.kind"), Code($"{at}.party"), Text($"{at}.required") == "yes", [.. Enum.GetNames<Level>().Select(level => Span($"{at}.limits.{level}"))])).Where(a => !a.IsBlank)],
            Categories = [.. Lines("categories", "code").Select(at => new SheetCategory(Code($"{at}.code"), Text($"{at}.name"), Text($"{at}.nameEn"), Text($"{at}.level"), Text($"{at}.recuses") == "yes")).Where(c => !c.IsBlank)],
            Verify = Span("verify"),
            Evaluate = Span("evaluate"),
            Decide = Span("decide"),
            Difficult = Span("difficult"),
            Warn = Code("warn"),
            SurgeCases = Code("surgeCases"),
            SurgeWithin = Span("surgeWithin"),
        };

        IEnumerable<string> Lines(string table, string first) =>
            Enumerable.Range(0, MostLines).Select(i => string.Create(CultureInfo.InvariantCulture, $"{table}.{i}")).TakeWhile(at => form.ContainsKey($"{at}.{first}")).Where(at => Text($"{at}.gone") != "yes");

        SheetSpan Span(string field) => new(Code(field), Text(field + ".unit"));
        // A Chinese keyboard types digits and letters in full width.
        string Code(string field) => Texts.Plain(Text(field)).Trim();
        string Text(string field) => string.Concat(form[field].ToString().Where(c => !char.IsControl(c))).Trim();
    }
}
