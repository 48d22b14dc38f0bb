using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DispatchCenter.Browser;

/// <summary>
/// An organiser brings a street of their own in one sitting: 100 grids, and a register of 2,000 entries as a spreadsheet program saved it, with a mistake in one line of a hundred.
/// They mend every refused line from the report alone. The tables are made by tools/office-tables.mjs.
/// </summary>
public sealed partial class OwnRegister(Street street)
{
    private const string Organiser = "organiser";
    private const int Entries = 2_000;

    private static readonly string Tables = Path.Combine(Repository.Root, "tests", "data", "tables", "own-street");

    [Fact]
    public async Task An_organiser_brings_a_street_of_their_own_in_one_sitting()
    {
        await using var host = await WebHost.StartEmptyAsync((StreetApi.Password, ["admin", "create", Organiser]), ("", ["import", "street", Tables]));
        await using var windows = new Windows(street.Chromium, host.Url);
        var desk = await windows.DeskAsync(Organiser, "/register");
        Assert.Equal(0, await FoundAsync(desk));

        // The table as it was typed: what is right is there at once, and what is not is named with its place, its code and why.
        await SendAsync(desk, "register.xlsx");
        var lines = await desk.Find(".late-box li").AllInnerTextsAsync();
        await desk.ShootAsync("own-register-refused");
        Assert.InRange(lines.Count(line => !line.Contains("本行不必改", StringComparison.Ordinal)), Entries / 100, Entries / 50); // others stand in one of these
        Assert.All(lines, line => Assert.Matches(Refused(), line));
        await Expect(desk.Find(".ok-box")).ToContainTextAsync(string.Create(CultureInfo.InvariantCulture, $"导入 {Entries - lines.Count} 行，其中 {Entries - lines.Count} 条有变化；拒绝 {lines.Count} 行。"));

        // The report as a workbook: the same lines and reasons, with what was typed.
        var download = await desk.Page.RunAndWaitForDownloadAsync(() => desk.Find(".late-box form button").ClickAsync());
        var report = await download.PathAsync();
        if (Environment.GetEnvironmentVariable("DISPATCH_WRITE_DOCS") == "true") File.Copy(report, Path.Combine(Tables, "register-refused.xlsx"), overwrite: true); // tools/office-tables.mjs mends it
        var given = Rows(report);
        Assert.Equal(["原表行号", "拒绝原因", "code", "kind"], given[0][..4]);
        Assert.Equal(lines.Count, given.Count - 1);
        Assert.All(given.Skip(1).Zip(lines), row => Assert.True(row.Second.Contains($":{row.First[0]} ", StringComparison.Ordinal) && row.First[1].Length > 0, $"{row.Second} / {row.First[1]}"));

        // It was mended in a spreadsheet program by what stands beside each line, and saved by it.
        Assert.Equal(given.Select(row => row[0]), Rows(Path.Combine(Tables, "register-mended.xlsx")).Select(row => row[0]));
        await SendAsync(desk, "register-mended.xlsx");
        await desk.ShootAsync("own-register-mended");
        await Expect(desk.Find(".ok-box")).ToContainTextAsync($"导入 {lines.Count} 行，其中 {lines.Count} 条有变化；拒绝 0 行。");
        await Expect(desk.Find(".late-box")).ToHaveCountAsync(0);
        await desk.Page.GotoAsync("/register");
        Assert.Equal(Entries, await FoundAsync(desk));
        await desk.ShootAsync("own-register", whole: true);

        // What was typed in the first place changes nothing more, and names the same mistakes.
        await SendAsync(desk, "register.xlsx");
        await Expect(desk.Find(".ok-box")).ToContainTextAsync("其中 0 条有变化");
    }

    private static async Task<int> FoundAsync(Window window) =>
        int.Parse(Number().Match(await window.Find("main p", "共 ").First.InnerTextAsync()).Value, CultureInfo.InvariantCulture);

    private static async Task SendAsync(Window window, string table)
    {
        await window.Find("form[enctype] input[type=file]").SetInputFilesAsync(Path.Combine(Tables, table));
        await window.Find("form[enctype] button").ClickAsync();
        await Expect(window.Find(".ok-box")).ToBeVisibleAsync();
    }

    /// <summary>The texts of a workbook's first sheet, the columns in their places.</summary>
    private static List<string[]> Rows(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        XElement? Part(string name)
        {
            using var part = zip.GetEntry(name)?.Open();
            return part is null ? null : XElement.Load(part);
        }

        string[] shared = [.. Part("xl/sharedStrings.xml")?.Elements().Select(Text) ?? []];
        return [.. Part("xl/worksheets/sheet1.xml")!.Descendants().Where(e => e.Name.LocalName == "row").Select(row =>
        {
            var cells = row.Elements().ToDictionary(c => Letters().Match((string)c.Attribute("r")!).Value, c => (string?)c.Attribute("t") == "s" ? shared[int.Parse(Text(c), CultureInfo.InvariantCulture)] : Text(c));
            return Enumerable.Range('A', 26).Select(letter => cells.GetValueOrDefault(((char)letter).ToString(), "")).ToArray();
        }).Where(row => row.Any(cell => cell.Length > 0))];
    }

    private static string Text(XElement element) => string.Concat(element.Descendants().Where(e => e.Name.LocalName is "t" or "v").Select(e => e.Value));

    [GeneratedRegex(@"^register\.xlsx:[0-9]+ \S+：.+")]
    private static partial Regex Refused();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    [GeneratedRegex("^[A-Z]+")]
    private static partial Regex Letters();
}
