using System.Text.Json;
using System.Text.RegularExpressions;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Ledger;
using MatterWhat = DispatchCenter.Domain.Matters.MatterWhat;

namespace DispatchCenter.Unit.Pages;

/// <summary>Words for people stand in the resources, in both languages, and nowhere else.</summary>
public sealed partial class WordsTests
{
    /// <summary>
    /// What is said before there is a page, on a terminal, in both languages side by side; and the units of a file's cells, which are data.
    /// </summary>
    private static readonly string[] Terminal =
    [
        "src/Web/Kernel/Commands.cs", "src/Web/Kernel/ImportCommandLine.cs", "src/Web/Kernel/BackupCommandLine.cs", "src/Web/Kernel/Doctor.cs", "src/Web/Kernel/DoctorCommandLine.cs", "src/Web/Kernel/FailedStart.cs", "src/Web/Kernel/PersonCommandLine.cs", "src/Web/Kernel/CommandLine.cs", "src/Web/Kernel/Management.cs", "src/Web/Kernel/Settings.cs", "src/Web/Kernel/Welcome.cs", "src/Web/Kernel/Server.cs", "src/Hub/HubSetup.cs", "src/Hub/Kernel/KeyFolder.cs", "src/Hub/Kernel/Storage/Migrations.cs", "src/Hub/Kernel/Storage/PostgresDatabase.cs",
        "src/Hub/Kernel/Storage/PostgresBackup.cs", "src/Hub/Kernel/Storage/SqliteDatabase.cs", "src/Hub/Kernel/Audit/ChainKey.cs", "src/Domain/Sla/Standard.cs",
    ];

    private static readonly string Room = Path.Combine(Sources.Root, "src", "Web");

    /// <summary>The files of words without their languages: those of the kernel, and those that stand with their features.</summary>
    private static readonly string[] Parts =
    [
        .. new[] { Path.Combine(Room, "Kernel", "Words"), Path.Combine(Room, "Features") }
            .SelectMany(folder => Directory.GetFiles(folder, "*.zh-CN.json", SearchOption.AllDirectories)).Select(file => file[..^".zh-CN.json".Length]).Order(StringComparer.Ordinal),
    ];

    private static readonly HashSet<string> Keys = [.. Parts.SelectMany(part => Read(part, "zh-CN").Keys)];

    [Fact]
    public void Both_languages_have_the_same_keys_and_the_same_places_to_fill()
    {
        Assert.NotEmpty(Parts);
        foreach (var part in Parts)
        {
            var (chinese, english) = (Read(part, "zh-CN"), Read(part, "en"));
            Assert.Equal(chinese.Keys.Order(), english.Keys.Order());
            foreach (var (key, words) in chinese) Assert.True(Blanks(words).SetEquals(Blanks(english[key])), $"{key}: {words} / {english[key]}");
            foreach (var (key, words) in english) Assert.False(Chinese().IsMatch(words) && key != "app.otherLanguage", $"{key} is not in English: {words}");
        }
    }

    [Fact]
    public void Every_key_that_a_page_or_a_script_names_has_its_words()
    {
        var asked = Sources.Read("src/Web", ".cs", ".cshtml").SelectMany(file => InPages().Matches(file.Text).Select(match => (file.Path, Key: match.Groups[1].Value)))
            .Concat(Sources.Scripts.SelectMany(file => InScripts().Matches(file.Text).Select(match => (file.Path, Key: match.Groups[1].Value)))).ToList();
        Assert.True(asked.Count > 300, $"only {asked.Count} keys were found");
        // A key that is put together, "ui.state." + state, has words under its beginning.
        Assert.DoesNotContain(asked, one => !Keys.Contains(one.Key) && !(one.Key.EndsWith('.') && Keys.Any(key => key.StartsWith(one.Key, StringComparison.Ordinal))));
    }

    /// <summary>What the journal, the access log, the acts and the roster can record, read from the code that records it.</summary>
    [Fact]
    public void Everything_that_is_recorded_has_a_word_for_the_auditor()
    {
        var recorded = Enum.GetNames<What>().Concat(Enum.GetNames<MatterWhat>()).Select(code => "ui.what." + JsonNamingPolicy.CamelCase.ConvertName(code)).ToList();
        var hub = Sources.Read("src/Hub", ".cs").ToList();
        List<string> Codes(Regex written) => [.. hub.SelectMany(file => written.Matches(file.Text).Select(match => match.Groups[1].Value)).Distinct()];
        var looks = Codes(Looks());
        Assert.Contains("photo", looks);
        Assert.Empty(looks.Except(LookQueries.All)); // the filter offers them all
        recorded.AddRange(LookQueries.All.Select(code => "ui.looked." + code));
        recorded.AddRange(Acts.All.Select(code => "act." + code));
        var roster = Codes(RosterLines());
        Assert.True(roster.Count > 10, string.Join(' ', roster));
        recorded.AddRange(roster.SelectMany(code => new[] { "act." + code, "ui.roster.what." + code }));
        Assert.DoesNotContain(recorded, key => !Keys.Contains(key));
    }

    [Fact]
    public void No_sentence_for_people_stands_in_code()
    {
        // Not the simulator's: whoever tests reads a terminal.
        var files = new[] { "src/Web", "src/Hub", "src/Domain", "src/Contracts" }.SelectMany(room => Sources.Read(room, ".cs", ".cshtml", ".js")).Where(file => !Terminal.Contains(file.Path)).ToList();
        Assert.True(files.Count > 200, $"only {files.Count} files were read");
        Assert.Empty(files.SelectMany(file => Uncommented(file).Split('\n').Select((line, i) => (line, i)).Where(one => Chinese().IsMatch(one.line)).Select(one => $"{file.Path}:{one.i + 1}: {one.line.Trim()}")));
    }

    private static string Uncommented((string Path, string Text) file)
    {
        var text = Blocks().Replace(file.Text, comment => new string('\n', comment.Value.Count(c => c == '\n')));
        return file.Path.EndsWith(".cshtml", StringComparison.Ordinal) ? text : Lines().Replace(text, string.Empty);
    }

    private static Dictionary<string, string> Read(string part, string language) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText($"{part}.{language}.json"))!;

    private static HashSet<string> Blanks(string words) => [.. Blank().Matches(words).Select(match => match.Value)];

    [GeneratedRegex("""(?:AuditAsync\(who, \w+, |Looked = )"(\w+)["]""")]
    private static partial Regex Looks();

    [GeneratedRegex("""(?:\.Note\(\w+, [\w.]+, |RosterJournalRow \{[^}]*What = |RosterJournal\.Add\(Line\(|Whole\(time\.GetUtcNow\(\)\), )"(\w+)["]""")]
    private static partial Regex RosterLines();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Blank();

    [GeneratedRegex(@"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")]
    private static partial Regex Chinese();

    [GeneratedRegex("""\b(?:W|words)\[\$?"([A-Za-z][A-Za-z0-9.]*\.[A-Za-z0-9.]*)["{]""")]
    private static partial Regex InPages();

    [GeneratedRegex(@"\b(?:w|wordOf|has)\('([A-Za-z][A-Za-z0-9]*\.[A-Za-z0-9.]*)'")]
    private static partial Regex InScripts();

    [GeneratedRegex(@"/\*.*?\*/|@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Lines();
}
