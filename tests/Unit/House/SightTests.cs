using System.Text.RegularExpressions;
using DispatchCenter.Unit.Pages;

namespace DispatchCenter.Unit.House;

/// <summary>There is one way to cases, other matters and journal: the sight of whoever asks.</summary>
public sealed partial class SightTests
{
    /// <summary>Who reads with the engine's own sight, and why nobody is shown a case by it.</summary>
    private static readonly Dictionary<string, string> Whole = new()
    {
        ["src/Hub/Features/Households/CorrectionRuns.cs"] = "writes what was granted to a household, and shows nobody anything",
        ["src/Hub/Features/Households/HouseholdQueries.cs"] = "a household's code is the capability",
        ["src/Hub/Features/Matters/CalloutCommands.cs"] = "finds call-outs of which a part was not sent, to send it",
        ["src/Hub/Features/Matters/FollowQueries.cs"] = "the code of a person or a party is the capability",
        ["src/Hub/Features/Matters/MatterQueries.cs"] = "a public notice, which shows public fields to everybody",
        ["src/Hub/Features/Matters/Safety.cs"] = "finds who is silent at a scene, and asks nobody else",
        ["src/Hub/Features/People/DutyHandOver.cs"] = "tells the desk of a change of shift, case by case",
        ["src/Hub/Features/People/LoadQueries.cs"] = "counts what each post has in hand; the case itself goes by the asker's sight",
        ["src/Hub/Features/Reach/Courier.cs"] = "sends what was decided when the case changed, and leaves out who is recused by then",
        ["src/Hub/Features/Reach/Outbox.cs"] = "finds who is recused, to leave them out",
        ["src/Hub/Features/Rounds/RhythmRuns.cs"] = "closes a round that nobody has begun and that is no longer due",
        ["src/Hub/Features/Rounds/RoundCommands.cs"] = "takes what somebody saw on a round that they were asked to walk, also when their shift is over",
        ["src/Hub/Features/Rounds/RoundQueries.cs"] = "shows the rounds of the asker's own grids, and leaves out what they are recused from",
        ["src/Hub/Features/Whistles/AnswerCommands.cs"] = "asks whether a case that its asker was told of still waits",
        ["src/Hub/Features/Whistles/CallerQueries.cs"] = "the caller's code, or the one they gave to their family, is the capability",
        ["src/Hub/Features/Whistles/PartyCommands.cs"] = "a party's code is the capability",
        ["src/Hub/Features/Whistles/SimilarCallQueries.cs"] = "the list for everybody, which shows what is shown to all",
        ["src/Hub/Features/Whistles/StationQueries.cs"] = "counts for everybody, without what is hidden from anybody",
    };

    [Fact]
    public void Outside_the_ledger_nobody_names_the_tables_of_matters_and_journal() =>
        Assert.Empty(Files().SelectMany(file => Tables().Matches(file.Text).Select(match => $"{file.Path}: {match.Value}")));

    [Fact]
    public void Whoever_sees_with_the_engines_eyes_is_listed() =>
        Assert.Equal(Whole.Keys.Order(StringComparer.Ordinal), Files().Where(file => file.Text.Contains("Sight.OfTheEngine", StringComparison.Ordinal)).Select(file => file.Path).Order(StringComparer.Ordinal));

    private static List<(string Path, string Text)> Files()
    {
        var files = new[] { "src/Hub", "src/Web" }.SelectMany(room => Sources.Read(room, ".cs", ".cshtml")).Where(file => !file.Path.StartsWith("src/Hub/Ledger/", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 150, $"only {files.Count} files were read");
        return files;
    }

    [GeneratedRegex(@"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:calls|journal|matters)\b|\b[dD]b\.(?:Calls|Journal|Matters)\b|<(?:CallRow|JournalRow|MatterRow)>")]
    private static partial Regex Tables();
}
