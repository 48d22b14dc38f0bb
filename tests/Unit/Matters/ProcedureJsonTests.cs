using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Matters;

public sealed class ProcedureJsonTests
{
    [Fact]
    public void A_document_is_read_with_all_it_says()
    {
        var read = ProcedureJson.Parse(SampleProcedure.Json, 7, DefaultPolicy);
        Assert.Equal(("sample", 7, "样例", "Sample", PlaceKind.Community, Visibility.Staff, true), (read.Code, read.Version, read.Name, read.NameEn, read.Place, read.Visibility, read.HasCaller));
        Assert.Equal([PostKind.CommunityDesk, PostKind.GridWorker], read.Starters);
        Assert.Equal(new Promise(new Span(ClockKind.WorkingTime, TimeSpan.FromHours(70)), "sign"), read.Promise);
        Assert.Equal(("request", "giveBack"), (read.Opening, read.Cancelled));
        Assert.Equal([(FieldKind.LongText, Privacy.Public, true), (FieldKind.Phone, Privacy.Reason, false), (FieldKind.Choice, Privacy.Staff, false)], read.Forms[0].Fields.Select(f => (f.Kind, f.Privacy, f.Required)));
        Assert.Equal([new FieldChoice("a", "甲", "A"), new FieldChoice("b", "乙", "B")], read.Forms[0].Fields[2].Choices);
        Assert.Equal(new Gate.Vote(2, Majority.TwoThirds), read.Stages[2].Gate);
        Assert.Equal((Visibility.Sealed, new Span(ClockKind.WorkingTime, TimeSpan.FromHours(7))), (read.Stages[2].Visibility!.Value, read.Stages[2].Limit!.Value));
        Assert.Equal([new Role.OfKind(PostKind.CommunityDesk), new Role.OfKind(PostKind.StreetDesk), new Role.OfParty("police")], read.Stages[2].Asks[0].Roles);
        Assert.Equal((Need.All, PlaceKind.Community), (read.Stages[2].Asks[0].Need, read.Stages[2].Asks[0].At!.Value));
        Assert.Equal([new Role.Chosen(), new Role.OfKind(PostKind.GridWorker)], read.FindAsk("talk")!.Roles);
        Assert.Equal((new Need(3), true), (read.FindAsk("talk")!.Need, read.FindAsk("talk")!.EachPost));
        Assert.Equal(["take", "starter"], read.FindAsk("talk")!.Barred);
        Assert.Equal([new Role.Caller(), new Role.Starter()], read.FindAsk("write")!.Roles);
        Assert.Equal([new Role.WhoDid("take")], read.FindAsk("papers")!.Roles);
        Assert.Equal((true, "paper", "papers"), (read.FindAsk("papers")!.Collects, read.FindAsk("papers")!.Form, read.FindAsk("giveBack")!.PerItemOf));
        Assert.True(read.FindStage("wait")!.AwaitsChildren);
        Assert.Equal(new Domain.Matters.Path("end", "不办", "No"), read.Stages[0].Next["no"]);
    }

    /// <summary>A path into the good document, what is written there instead (nothing: it is taken away), and a part of the words that refuse it.</summary>
    public static TheoryData<string, string?, string> Unreadable => new()
    {
        { "surprise", "1", "surprise" },
        { "stages/0/surprise", "1", "surprise" },
        { "stages/0/asks/0/surprise", "1", "surprise" },
        { "code", null, "code" },
        { "code", "null", "code" },
        { "stages/0/name", null, "$.stages[0].name" },
        { "stages/0/next", null, "$.stages[0].next" },
        { "stages/0/asks/0/roles", null, "$.stages[0].asks[0].roles" },
        { "stages/0/next/no/to", null, "to" },
        { "starters", "[null]", "$.starters[0] is null" },
        { "forms", "[null]", "$.forms[0] is null" },
        { "forms/0/fields/1", "null", "$.forms[0].fields[1] is null" },
        { "forms/0/fields/2/choices/0", "null", "$.forms[0].fields[2].choices[0] is null" },
        { "stages/3", "null", "$.stages[3] is null" },
        { "stages/0/asks", "[null]", "$.stages[0].asks[0] is null" },
        { "stages/0/asks/0/roles", "[null]", "$.stages[0].asks[0].roles[0] is null" },
        { "stages/0/asks/0/barred", "[null]", "$.stages[0].asks[0].barred[0] is null" },
        { "stages/0/next/no", "null", "$.stages[0].next.no is null" },
        { "place", "\"city\"", "$.place: “city” must be one of grid, community, street" },
        { "place", "\"1\"", "$.place: “1” must be one of" },
        { "visibility", "\"secret\"", "$.visibility" },
        { "starters/0", "\"mayor\"", "$.starters[0]: “mayor” must be one of" },
        { "promise/limit", "\"soon\"", "$.promise.limit: “soon” is not a span" },
        { "forms/0/fields/0/kind", "\"photo\"", "$.forms[0].fields[0].kind" },
        { "forms/0/fields/0/privacy", "\"secret\"", "$.forms[0].fields[0].privacy" },
        { "stages/0/limit", "\"4 sh\"", "$.stages[0].limit: “4 sh” is not a span" },
        { "stages/0/gate", "\"open\"", "$.stages[0].gate: “open” must be one of done, vote, sign" },
        { "stages/0/quorum", "2", "$.stages[0].quorum is only for a vote" },
        { "stages/3/majority", "\"simple\"", "$.stages[3].majority is only for a vote" },
        { "stages/2/quorum", null, "$.stages[2].quorum: a vote needs a quorum" },
        { "stages/2/majority", "\"most\"", "$.stages[2].majority" },
        { "stages/2/visibility", "\"secret\"", "$.stages[2].visibility" },
        { "stages/0/asks/0/roles/0", "\"GridWorker\"", "$.stages[0].asks[0].roles[0]: “GridWorker” must be one of gridWorker" },
        { "stages/0/asks/0/need", "\"few\"", "$.stages[0].asks[0].need: “few” must be one of one, all" },
        { "stages/0/asks/0/need", "\"-1\"", "$.stages[0].asks[0].need" },
        { "stages/0/asks/0/at", "\"house\"", "$.stages[0].asks[0].at" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void What_cannot_be_read_is_refused_in_words(string path, string? instead, string words)
    {
        var json = SampleProcedure.Changed(path, instead);
        Assert.Contains(words, Assert.Throws<UnusableDocumentException>(() => ProcedureJson.Parse(json, 1, DefaultPolicy)).English, StringComparison.Ordinal);
        Assert.Throws<UnusableDocumentException>(() => SampleProcedure.Read(json));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("procedure")]
    public void Something_that_is_no_document_is_refused(string json)
    {
        Assert.Throws<UnusableDocumentException>(() => ProcedureJson.Parse(json, 1, DefaultPolicy));
        Assert.Single(ProcedureJson.Mistakes(json, DefaultPolicy));
    }

    [Fact]
    public void A_member_that_is_there_twice_is_refused()
    {
        var json = SampleProcedure.Json.Replace("\"no\": {", "\"accepted\": {", StringComparison.Ordinal);
        Assert.Contains("accepted", Assert.Throws<UnusableDocumentException>(() => ProcedureJson.Parse(json, 1, DefaultPolicy)).English, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_mistake_is_refused_and_all_of_them_are_told_in_both_languages()
    {
        var json = SampleProcedure.Changed("stages/2", """
            { "key": "vote", "name": "", "nameEn": "Vote", "gate": "vote", "quorum": 9, "asks": [{ "key": "vote", "name": "表决", "nameEn": "Vote", "roles": ["party:none"] }],
              "next": { "passed": { "to": "sign", "name": "通过", "nameEn": "Passed" } } }
            """);
        var refused = Assert.Throws<UnusableDocumentException>(() => ProcedureJson.Parse(json, 1, DefaultPolicy));
        Assert.Equal("$.stages[2].name is blank: both Chinese and English are needed.", refused.English);
        var all = ProcedureJson.Mistakes(json, DefaultPolicy);
        Assert.Equal(("$.stages[2].name", refused.Chinese, refused.English), all[0]);
        Assert.Equal(
            [
                "$.stages[2].name is blank: both Chinese and English are needed.", "$.stages[2].limit: a vote needs a limit.", "$.stages[2].quorum must be between 1 and 1.",
                "$.stages[2].asks[0].roles[0]: the policy has no party “none”.", "$.stages[2].asks[0].need: a vote asks everyone, so it must be all.",
                "$.stages[2].next does not say where “rejected” leads.", "$.stages[2].next does not say where “noQuorum” leads.",
            ],
            all.Select(m => m.En));
        Assert.Contains("$.stages[2].next 缺少结果“rejected”。", all.Select(m => m.Zh));
    }

    [Fact]
    public void A_version_of_before_is_read_though_a_party_of_it_is_gone()
    {
        var policy = DefaultPolicy with { Parties = DefaultPolicy.Parties.RemoveAll(p => p.Code == "police") };
        Assert.Throws<UnusableDocumentException>(() => ProcedureJson.Parse(SampleProcedure.Json, 1, policy));
        Assert.Equal(3, ProcedureJson.ParseStored(SampleProcedure.Json, 3, policy).Version);
    }

    [Fact]
    public void The_latest_version_of_each_is_for_new_matters_and_every_version_is_known()
    {
        var (first, errand) = (SampleProcedure.Read(), ProcedureJson.Parse(Assert.Single(ProcedureBook.Shipped(), json => json.Contains("\"errand\"", StringComparison.Ordinal)), 1, DefaultPolicy));
        var procedures = new Procedures([first with { Version = 2 }, first, errand]);
        Assert.Equal([("errand", 1), ("sample", 2)], procedures.Latest.Select(p => (p.Code, p.Version)));
        Assert.Equal((2, 1), (procedures.Find("sample")!.Version, procedures.Of("sample", 1).Version));
        Assert.Null(procedures.Find("none"));
        Assert.Throws<UnknownProcedureException>(() => procedures.Of("errand", 2));
    }
}
