using System.Text.Json.Nodes;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Sla;

/// <summary>The policy as a table, and what differs between two policies.</summary>
public sealed class PolicySheetTests
{
    [Fact]
    public void A_table_that_nobody_changed_is_the_policy_it_was_made_from()
    {
        var sheet = PolicySheet.Of(DefaultPolicyText());
        Assert.Empty(sheet.Mistakes(DefaultPolicy));
        Assert.Empty(PolicyChanges.Between(DefaultPolicy, PolicyBook.Check(sheet.Into(DefaultPolicyText()))));
    }

    [Fact]
    public void What_the_table_does_not_hold_stays_as_the_document_has_it()
    {
        var document = JsonNode.Parse(DefaultPolicyText())!.AsObject();
        document["choice"] = new JsonObject { ["order"] = "nearestFirst" };
        document["hours"]!["service"] = new JsonArray("07:00-21:00");
        document["parties"]![0]!["phone"] = "0632-5550100";
        var before = PolicyBook.Check(document.ToJsonString());
        var sheet = PolicySheet.Of(document.ToJsonString());
        var after = PolicyBook.Check((sheet with { Verify = new SheetSpan("2", "wd") }).Into(document.ToJsonString()));
        Assert.Equal([new PolicyChange("verify", "", null, before.Verify, after.Verify)], PolicyChanges.Between(before, after));
        Assert.Equal(before.Parties, after.Parties);
    }

    [Fact]
    public void What_to_do_first_that_differs_is_named_by_its_category()
    {
        var document = JsonNode.Parse(DefaultPolicyText())!;
        document["firstAid"]!["06"]!["call"] = "119";
        document["firstAid"]!.AsObject().Remove("07");
        var changes = PolicyChanges.Between(DefaultPolicy, PolicyBook.Check(document.ToJsonString()));
        Assert.Equal([("categoryFirstAid", "06"), ("categoryFirstAid", "07")], changes.Select(c => (c.Figure, c.Of)));
        Assert.EndsWith(" 119", Assert.IsType<string>(changes[0].After), StringComparison.Ordinal);
        Assert.Null(changes[1].After);
    }

    public static TheoryData<string, string, string> Edits => new()
    {
        { "limit accept S1", "limits.S1.accept", "\"4m\"" },
        { "answerParty resolve", "pack.2.party", "\"communityDesk\"" },
        { "evaluate", "evaluate", "\"8d\"" },
        { "decide", "decide", "\"3sh\"" },
        { "difficult", "difficult", "\"20wd\"" },
        { "warn", "warnFraction", "0.5" },
        { "surgeCases", "surge.cases", "9" },
        { "surgeWithin", "surge.within", "\"3h\"" },
        { "hours service", "hours.service", "[\"07:00-21:00\"]" },
        { "party police", "parties.3.name", "\"派出所二\"" },
        { "choice", "choice", "{\"order\":\"nearestFirst\"}" },
        { "categoryLevel 08", "categories.7.level", "\"S2\"" },
        { "duties gridWorker", "duties.gridWorker.0.text", "\"换一句\"" },
        { "categoryName 08", "categories.7.name", "\"路灯\"" },
        { "categoryNameEn 08", "categories.7.nameEn", "\"Light\"" },
        { "categoryRecuses 08", "categories.7.recusesProperty", "true" },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void Each_figure_that_differs_is_named(string expected, string path, string value)
    {
        var document = JsonNode.Parse(DefaultPolicyText())!;
        var (at, parts) = (document, path.Split('.'));
        foreach (var part in parts[..^1]) at = int.TryParse(part, out var i) ? at[i]! : at[part]!;
        at[parts[^1]] = JsonNode.Parse(value);
        var change = Assert.Single(PolicyChanges.Between(DefaultPolicy, PolicyBook.Check(document.ToJsonString())));
        Assert.Equal(expected, string.Join(' ', new[] { change.Figure, change.Of, change.Level?.ToString() }.Where(part => !string.IsNullOrEmpty(part))));
    }

    [Fact]
    public void A_line_that_comes_or_goes_and_another_order_are_named()
    {
        var sheet = PolicySheet.Of(DefaultPolicyText());
        var after = PolicyBook.Check((sheet with
        {
            Answers = [sheet.Answers[1], sheet.Answers[0], sheet.Answers[2], new SheetAnswer("owners", "acknowledge", "owners", false, [new("1", "h"), new("1", "h"), new("1", "h")])],
            Categories = [.. sheet.Categories.Skip(1)],
        }).Into(DefaultPolicyText()));
        Assert.Equal(
            ["answer owners", "limit owners", "limit owners", "limit owners", "order ", "category 01", "categoryLevel 01"],
            PolicyChanges.Between(DefaultPolicy, after).Select(c => $"{c.Figure} {c.Of}"));
    }

    [Fact]
    public void A_whole_that_cannot_be_is_refused_by_the_check_of_the_import()
    {
        var sheet = PolicySheet.Of(DefaultPolicyText());
        var refused = Assert.Throws<UnusableDocumentException>(() => PolicyBook.Check((sheet with { Answers = [.. sheet.Answers.Skip(1)] }).Into(DefaultPolicyText())));
        Assert.Contains("exactly one accept", refused.English, StringComparison.Ordinal);
    }
}
