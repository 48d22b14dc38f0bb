using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Street;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Matters;

public sealed class ProcedureMistakesTests
{
    private const string Path = """{ "to": "end", "name": "完", "nameEn": "End" }""";
    private const string Ask = """{ "key": "more", "name": "多", "nameEn": "More", "roles": ["communityDesk"], "need": "all" }""";

    [Fact]
    public void A_good_procedure_has_no_mistakes() => Assert.Empty(ProcedureMistakes.Of(SampleProcedure.Read(), DefaultPolicy));

    [Fact]
    public void What_is_shipped_has_no_mistakes()
    {
        Assert.NotEmpty(ProcedureBook.Shipped());
        Assert.All(ProcedureBook.Shipped(), json => Assert.Empty(ProcedureJson.Mistakes(json, DefaultPolicy)));
    }

    /// <summary>A path into the good document, what is written there instead (nothing: it is taken away), the mistake and its member.</summary>
    public static TheoryData<string, string?, string, string> Mistakes => new()
    {
        { "code", "\"a b\"", "procedure_code", "$.code" },
        { "code", "\"abcdefghijklmnopqrstuvwxy\"", "procedure_code", "$.code" },
        { "name", "\" \"", "procedure_blank", "$.name" },
        { "nameEn", "\"\"", "procedure_blank", "$.nameEn" },
        { "name", "\"a\\u0000b\"", "procedure_words", "$.name" },
        { "nameEn", $"\"{new string('x', ProcedureMistakes.MaxName + 1)}\"", "procedure_words", "$.nameEn" },
        { "about", $"\"{new string('x', ProcedureMistakes.MaxAbout + 1)}\"", "procedure_words", "$.about" },
        { "stages/0/next/no/name", $"\"{new string('x', ProcedureMistakes.MaxName + 1)}\"", "procedure_words", "$.stages[0].next.no.name" },
        { "about", null, "procedure_blank", "$.about" },
        { "aboutEn", "\" \"", "procedure_blank", "$.aboutEn" },
        { "starters", "[]", "procedure_count", "$.starters" },
        { "starters/1", "\"communityDesk\"", "procedure_repeated", "$.starters[1]" },
        { "opening", "\"none\"", "procedure_form_unknown", "$.opening" },
        { "promise/limit", "\"0m\"", "procedure_limit", "$.promise.limit" },
        { "promise/until", "\"none\"", "procedure_stage_unknown", "$.promise.until" },
        { "promise/on", "[\"none\"]", "procedure_outcome_unknown", "$.promise.on[0]" },
        { "cancelled", "\"none\"", "procedure_stage_unknown", "$.cancelled" },
        { "forms", Many(Procedure.MaxForms + 1, n => $$"""{ "key": "f{{n}}", "fields": [] }"""), "procedure_count", "$.forms" },
        { "forms/0/key", "\"a/b\"", "procedure_code", "$.forms[0].key" },
        { "forms/1/key", "\"request\"", "procedure_repeated", "$.forms[1].key" },
        { "forms/1/fields", "[]", "procedure_count", "$.forms[1].fields" },
        { "forms/1/fields", Many(Procedure.MaxFields + 1, n => $$"""{ "key": "f{{n}}", "name": "项", "nameEn": "F", "kind": "text" }"""), "procedure_count", "$.forms[1].fields" },
        { "forms/0/fields/1/key", "\"what\"", "procedure_repeated", "$.forms[0].fields[1].key" },
        { "forms/0/fields/1/key", "\"\"", "procedure_code", "$.forms[0].fields[1].key" },
        { "forms/0/fields/0/name", "\"\"", "procedure_blank", "$.forms[0].fields[0].name" },
        { "forms/0/fields/0/nameEn", "\"\"", "procedure_blank", "$.forms[0].fields[0].nameEn" },
        { "forms/0/fields/1/privacy", "\"public\"", "procedure_public_field", "$.forms[0].fields[1].privacy" },
        { "forms/0/fields/0/kind", "\"signature\"", "procedure_public_field", "$.forms[0].fields[0].privacy" },
        { "forms/0/fields/2/kind", "\"text\"", "procedure_no_choices", "$.forms[0].fields[2].choices" },
        { "forms/0/fields/1/kind", "\"choice\"", "procedure_count", "$.forms[0].fields[1].choices" },
        { "forms/0/fields/2/choices", Many(Procedure.MaxChoices + 1, n => $$"""{ "code": "c{{n}}", "name": "项", "nameEn": "C" }"""), "procedure_count", "$.forms[0].fields[2].choices" },
        { "forms/0/fields/2/choices/1/code", "\"a\"", "procedure_repeated", "$.forms[0].fields[2].choices[1].code" },
        { "forms/0/fields/2/choices/1/code", "\"乙\"", "procedure_code", "$.forms[0].fields[2].choices[1].code" },
        { "forms/0/fields/2/choices/1/nameEn", "\"\"", "procedure_blank", "$.forms[0].fields[2].choices[1].nameEn" },
        { "stages", "[]", "procedure_count", "$.stages" },
        { "stages", Many(Procedure.MaxStages + 1, n => $$"""{ "key": "s{{n}}", "name": "环节", "nameEn": "S", "next": {} }"""), "procedure_count", "$.stages" },
        { "stages/0/key", "\"a b\"", "procedure_code", "$.stages[0].key" },
        { "stages/1/key", "\"take\"", "procedure_repeated", "$.stages[1].key" },
        { "stages/7/key", "\"end\"", "procedure_reserved", "$.stages[7].key" },
        { "stages/0/name", "\"\"", "procedure_blank", "$.stages[0].name" },
        { "stages/0/nameEn", "\"\"", "procedure_blank", "$.stages[0].nameEn" },
        { "stages/0/limit", "\"366d\"", "procedure_limit", "$.stages[0].limit" },
        { "stages/4/asks", Many(Procedure.MaxAsks + 1, n => $$"""{ "key": "a{{n}}x", "name": "应答", "nameEn": "A", "roles": ["starter"] }"""), "procedure_count", "$.stages[4].asks" },
        { "stages/4/asks/0/key", "\"talk1\"", "procedure_ask_key", "$.stages[4].asks[0].key" },
        { "stages/4/asks/0/key", "\"ta-lk\"", "procedure_ask_key", "$.stages[4].asks[0].key" },
        { "stages/4/asks/0/key", "\"\"", "procedure_ask_key", "$.stages[4].asks[0].key" },
        { "stages/4/asks/0/key", "\"starter\"", "procedure_reserved", "$.stages[4].asks[0].key" },
        { "stages/4/asks/0/key", "\"promise\"", "procedure_reserved", "$.stages[4].asks[0].key" },
        { "stages/4/asks/0/key", "\"decideExtension\"", "procedure_reserved", "$.stages[4].asks[0].key" },
        { "stages/4/asks/0/key", "\"take\"", "procedure_repeated", "$.stages[4].asks[0].key" },
        { "stages/4/asks/0/name", "\"\"", "procedure_blank", "$.stages[4].asks[0].name" },
        { "stages/4/asks/0/nameEn", "\"\"", "procedure_blank", "$.stages[4].asks[0].nameEn" },
        { "stages/4/asks/0/roles", "[]", "procedure_count", "$.stages[4].asks[0].roles" },
        { "stages/4/asks/0/roles", Many(Procedure.MaxRoles + 1, n => $"\"who:a{n}\""), "procedure_count", "$.stages[4].asks[0].roles" },
        { "stages/4/asks/0/roles/1", "\"chosen\"", "procedure_repeated", "$.stages[4].asks[0].roles[1]" },
        { "stages/2/asks/0/roles/2", "\"party:none\"", "procedure_party", "$.stages[2].asks[0].roles[2]" },
        { "caller", null, "procedure_caller", "$.stages[4].asks[1].roles[0]" },
        { "stages/4/asks/1/roles/0", "\"who:none\"", "procedure_ask_unknown", "$.stages[4].asks[1].roles[0]" },
        { "stages/0/asks/0/roles/0", "\"who:papers\"", "procedure_who", "$.stages[0].asks[0].roles[0]" },
        { "stages/4/asks/1/roles/0", "\"who:talk\"", "procedure_who", "$.stages[4].asks[1].roles[0]" },
        { "stages/2/asks/0/at", "\"grid\"", "procedure_place", "$.stages[2].asks[0].at" },
        { "place", "\"street\"", "procedure_place", "$.stages[2].asks[0].at" },
        { "stages/1/asks/0/form", "\"none\"", "procedure_form_unknown", "$.stages[1].asks[0].form" },
        { "stages/4/asks/0/barred/0", "\"none\"", "procedure_ask_unknown", "$.stages[4].asks[0].barred[0]" },
        { "stages/4/asks/0/barred/1", "\"take\"", "procedure_repeated", "$.stages[4].asks[0].barred[1]" },
        { "stages/3/asks/0/need", "\"3\"", "procedure_need_most", "$.stages[3].asks[0].need" },
        { "stages/3/asks/0/need", "\"0\"", "procedure_need_least", "$.stages[3].asks[0].need" },
        { "stages/2/asks", $"[{Ask}, {Ask}]", "procedure_vote_asks", "$.stages[2].asks" },
        { "stages/2/asks", "[]", "procedure_vote_asks", "$.stages[2].asks" },
        { "stages/2/limit", null, "procedure_vote_limit", "$.stages[2].limit" },
        { "stages/2/quorum", "0", "procedure_between", "$.stages[2].quorum" },
        { "stages/2/quorum", "4", "procedure_between", "$.stages[2].quorum" },
        { "stages/2/asks/0/need", "\"one\"", "procedure_vote_need", "$.stages[2].asks[0].need" },
        { "stages/2/asks/0/collects", "true", "procedure_collects", "$.stages[2].asks[0].collects" },
        { "stages/2/asks/0/perItemOf", "\"papers\"", "procedure_per_item_gate", "$.stages[2].asks[0].perItemOf" },
        { "stages/2/next/passed", null, "procedure_outcome_missing", "$.stages[2].next" },
        { "stages/2/next/rejected", null, "procedure_outcome_missing", "$.stages[2].next" },
        { "stages/2/next/noQuorum", null, "procedure_outcome_missing", "$.stages[2].next" },
        { "stages/2/next/lapsed", Path, "procedure_outcome_unknown", "$.stages[2].next.lapsed" },
        { "stages/3/asks", "[]", "procedure_count", "$.stages[3].asks" },
        { "stages/3/asks/0/collects", "true", "procedure_collects", "$.stages[3].asks[0].collects" },
        { "stages/3/asks/0/perItemOf", "\"papers\"", "procedure_per_item_gate", "$.stages[3].asks[0].perItemOf" },
        { "stages/3/next/passed", null, "procedure_outcome_missing", "$.stages[3].next" },
        { "stages/3/next/failed", null, "procedure_outcome_missing", "$.stages[3].next" },
        { "stages/3/next/done", Path, "procedure_outcome_unknown", "$.stages[3].next.done" },
        { "stages/4/next/done", null, "procedure_outcome_missing", "$.stages[4].next" },
        { "stages/4/next/else", Path, "procedure_outcome_unknown", "$.stages[4].next.else" },
        { "stages/4/asks/1/collects", "true", "procedure_collects", "$.stages[4].asks[1].collects" },
        { "stages/1/asks/0/need", "\"all\"", "procedure_collects", "$.stages[1].asks[0].collects" },
        { "stages/1/asks/0/perItemOf", "\"papers\"", "procedure_collects", "$.stages[1].asks[0].collects" },
        { "stages/7/asks/0/perItemOf", "\"none\"", "procedure_per_item", "$.stages[7].asks[0].perItemOf" },
        { "stages/7/asks/0/perItemOf", "\"take\"", "procedure_per_item", "$.stages[7].asks[0].perItemOf" },
        { "stages/7/next/else", Path, "procedure_outcome_unknown", "$.stages[7].next.else" },
        { "stages/0/asks/0/need", "\"all\"", "procedure_outcome_missing", "$.stages[0].next" },
        { "stages/5/awaitsChildren", "false", "procedure_stage_empty", "$.stages[5].asks" },
        { "stages/5/next/done", null, "procedure_outcome_missing", "$.stages[5].next" },
        { "stages/6/next/lapsed", null, "procedure_stage_empty", "$.stages[6].asks" },
        { "stages/6/limit", null, "procedure_lapsed", "$.stages[6].next.lapsed" },
        { "stages/1/next/lapsed", Path, "procedure_lapsed", "$.stages[1].next.lapsed" },
        { "stages/0/next", "{}", "procedure_outcome_free", "$.stages[0].next" },
        { "stages/0/next", $$"""{ "lapsed": {{Path}} }""", "procedure_outcome_free", "$.stages[0].next" },
        { "stages/0/next", $"{{{string.Join(", ", Enumerable.Range(0, Procedure.MaxOutcomes + 1).Select(n => $"\"o{n}\": {Path}"))}}}", "procedure_count", "$.stages[0].next" },
        { "stages/0/next/item", Path, "procedure_reserved", "$.stages[0].next.item" },
        { "stages/0/next/fail", Path, "procedure_reserved", "$.stages[0].next.fail" },
        { "stages/0/next/cancelled", Path, "procedure_reserved", "$.stages[0].next.cancelled" },
        { "stages/0/next/a b", Path, "procedure_code", "$.stages[0].next.a b" },
        { "stages/0/next/no/name", "\"\"", "procedure_blank", "$.stages[0].next.no.name" },
        { "stages/0/next/no/nameEn", "\"\"", "procedure_blank", "$.stages[0].next.no.nameEn" },
        { "stages/0/next/no/to", "\"none\"", "procedure_stage_unknown", "$.stages[0].next.no.to" },
        { "stages/3/next/passed/to", "\"giveBack\"", "procedure_unreachable", "$.stages[4]" },
        { "stages/6/next/lapsed/to", "\"wait\"", "procedure_endless", "$.stages[5]" },
        { "stages/7/next/done/to", "\"giveBack\"", "procedure_circle", "$.stages[7].next.done" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_found_by_its_member(string path, string? instead, string code, string member)
    {
        var found = ProcedureMistakes.Of(SampleProcedure.Read(SampleProcedure.Changed(path, instead)), DefaultPolicy).ToList();
        Assert.Contains((code, member), found.Select(m => (m.Code, m.Member)));
        Assert.All(found, m =>
        {
            var refused = ProcedureJson.Refused(m);
            Assert.StartsWith(m.Member, refused.English, StringComparison.Ordinal);
            Assert.StartsWith(m.Member, refused.Chinese, StringComparison.Ordinal);
            Assert.DoesNotContain(refused.English.Replace("“乙”", string.Empty, StringComparison.Ordinal), c => c is >= '一' and <= '龥');
        });
    }

    [Fact]
    public void A_stage_that_only_a_cancelled_matter_goes_through_is_reached_but_leads_nowhere()
    {
        var procedure = SampleProcedure.Read();
        var (last, to) = (procedure.Stages[^1], new Domain.Matters.Path("after", "后", "After"));
        var after = last with { Key = "after", Asks = [last.Asks[0] with { Key = "after", Roles = [new Role.Starter()] }] };
        var withdrawn = last with { Key = "withdrawn", Asks = [last.Asks[0] with { Key = "withdrawn" }], Next = last.Next.SetItem(Outcomes.Done, to) };
        var mistakes = ProcedureMistakes.Of(procedure with { Cancelled = "withdrawn", Stages = [.. procedure.Stages, withdrawn, after] }, DefaultPolicy);
        Assert.Equal([("procedure_unreachable", "$.stages[9]")], mistakes.Select(m => (m.Code, m.Member)));
    }

    [Fact]
    public void A_round_in_which_somebody_has_to_answer_is_no_mistake()
    {
        var procedure = SampleProcedure.Read(SampleProcedure.Changed("stages/3/next/failed/to", "\"papers\""));
        Assert.Empty(ProcedureMistakes.Of(procedure, DefaultPolicy));
    }

    private static string Many(int count, Func<int, string> one) => $"[{string.Join(", ", Enumerable.Range(0, count).Select(one))}]";
}
