using System.Reflection;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Features.Whistles;

namespace DispatchCenter.Unit.Pages;

/// <summary>A verb is spelled once, in its row: whatever else knows it follows from there. To write the scripts' list anew: DISPATCH_WRITE_DOCS=true.</summary>
public sealed class VerbTests
{
    private const string List = "src/Web/wwwroot/js/case/rules.js";

    private const string Head = """
        // What the domain says of a case, made from Verbs.cs and CallState.cs: do not edit. Renewed by the unit tests with DISPATCH_WRITE_DOCS=true.

        /** @typedef {{path: string, kind?: string, mayWait?: true, button?: number}} Verb the body's kind, where a path is shared; whether a phone without network keeps it; its place among the buttons, where it has one */

        /** By their names in CallDetail.commands. @type {Record<string, Verb>} */
        export const VERBS = {

        """;

    [Fact]
    public void The_scripts_list_is_made_from_the_rows()
    {
        var (path, made) = (Path.Combine(Sources.Root, List), Head + string.Concat(Verbs.All.Select(Line)) + "};\n\n" + $"/** The states in which a case goes no further. */\nexport const ENDED = [{string.Join(", ", CallState.EndedNames.Select(name => $"'{name}'"))}];\n");
        if (Environment.GetEnvironmentVariable("DISPATCH_WRITE_DOCS") == "true") File.WriteAllText(path, made);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == made, $"{List} is stale: run the unit tests with DISPATCH_WRITE_DOCS=true, read what has changed, and commit it.");
    }

    [Fact]
    public void No_verb_is_missing_from_the_table_or_stands_in_it_twice()
    {
        var rows = typeof(Verbs).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<Verb>().ToList();
        Assert.Equal(rows.Select(verb => verb.Name).Order(), Verbs.All.Select(verb => verb.Name).Order());
        Assert.Equal(Verbs.All.Count, Verbs.All.DistinctBy(verb => verb.Name).Count());
        Assert.Equal(Verbs.All.Count, Verbs.All.DistinctBy(verb => (verb.Path, verb.Kind)).Count());
        Assert.Equal(Verbs.All.Count(verb => verb.Button is not null), Verbs.All.Select(verb => verb.Button).OfType<int>().Distinct().Count());
    }

    [Fact]
    public void Verbs_that_share_a_path_share_its_right_and_the_type_of_its_body_and_each_has_its_kind()
    {
        foreach (var sharing in Verbs.All.GroupBy(verb => verb.Path).Where(group => group.Count() > 1))
        {
            Assert.Single(sharing.DistinctBy(verb => (verb.Right, verb.BodyType, verb.IsGiven)));
            Assert.All(sharing, verb => Assert.NotNull(verb.Kind));
        }
    }

    [Fact]
    public void A_request_that_means_none_of_those_that_share_its_path_means_no_verb()
    {
        Assert.Equal(Verbs.RuleDecline, Verbs.Meant([Verbs.RuleExtension, Verbs.RuleDecline], new OrderRequest { Kind = "decline" }));
        Assert.Null(Verbs.Meant([Verbs.RuleExtension, Verbs.RuleDecline], new OrderRequest { Kind = "coffee" }));
        Assert.Null(Verbs.Meant([Verbs.RuleExtension, Verbs.RuleDecline], new OrderRequest()));
        Assert.Equal(Verbs.Resume, Verbs.Meant([Verbs.Resume], new OrderRequest { Kind = "coffee" }));
    }

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public void Every_verb_has_a_name_and_a_sentence_for_when_it_is_done(string language)
    {
        var words = Directory.EnumerateFiles(Path.Combine(Sources.Root, "src", "Web"), $"*.{language}.json", SearchOption.AllDirectories).Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .SelectMany(file => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!).ToDictionary();
        Assert.All(Verbs.All, verb => Assert.False(string.IsNullOrWhiteSpace(words.GetValueOrDefault($"ui.command.{verb.Name}")), $"ui.command.{verb.Name}"));
        Assert.All(Verbs.All, verb => Assert.False(string.IsNullOrWhiteSpace(words.GetValueOrDefault($"ui.say.done.{verb.Name}")), $"ui.say.done.{verb.Name}"));
    }

    [Fact]
    public void Every_answer_of_the_hub_is_a_verb()
    {
        var methods = typeof(DispatchHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(method => method.ReturnType == typeof(Task<Reply>)).ToList();
        Assert.NotEmpty(methods);
        Assert.All(methods, method => Assert.Contains(JsonNamingPolicy.CamelCase.ConvertName(method.Name), Verbs.All.Select(verb => verb.Name)));
    }

    private static string Line(Verb verb) =>
        $"  {verb.Name}: {{ path: '{verb.Path}'{(verb.Kind is { } kind ? $", kind: '{kind}'" : "")}{(verb.MayWait ? ", mayWait: true" : "")}{(verb.Button is { } place ? $", button: {place}" : "")} }},\n";
}
