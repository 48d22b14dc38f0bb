using System.Reflection;
using System.Text.RegularExpressions;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub;
using DispatchCenter.Unit.Pages;

namespace DispatchCenter.Unit.House;

/// <summary>The glossary says what the code says.</summary>
public sealed partial class GlossaryTests
{
    [Fact]
    public void Every_type_of_the_glossary_is_one_and_no_term_stands_twice()
    {
        var rows = File.ReadLines(Path.Combine(Sources.Root, "docs", "glossary.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).TakeWhile(line => !line.StartsWith("| ending", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        Assert.True(rows.Count > 30, $"only {rows.Count} rows were read");
        var terms = rows.SelectMany(row => row[1].Split(", ")).ToList();
        Assert.Equal(terms, terms.Distinct());
        var known = new[] { typeof(WhistleCall).Assembly, typeof(Modules).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name).Append(type.Name)).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(rows.SelectMany(row => Code().Matches(row[3]).Select(match => match.Groups[1].Value)).Except(known));
    }

    [Fact]
    public void A_class_of_the_engine_says_by_its_name_whether_it_changes_reads_or_remembers() =>
        Assert.DoesNotContain(typeof(Modules).Assembly.GetTypes().Select(type => type.Name), name => Vague().IsMatch(name) && name is not ("DispatchDesk" or "Reader"));

    [GeneratedRegex("(Desk|Reader|Manager|Helper|Util|Utils|Service|Provider|Repository)$")]
    private static partial Regex Vague();

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Code();
}
