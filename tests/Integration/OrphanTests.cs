using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>A street that is cut anew, and a policy that drops a category: who would be left hanging is said first, and what is gone keeps its name.</summary>
public sealed class OrphanTests
{
    [Fact]
    public async Task A_map_that_drops_a_team_and_a_grid_names_who_and_what_hangs_on_them()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:LoopbackChannels=true");
        var (there, beside, elsewhere) = (await street.Blow("026"), await street.Blow("027"), await street.Blow("001"));
        var admin = await street.As("admin");
        await admin.Ask(HttpMethod.Put, "/api/channels/room08", new StringContent("""{"kind":"dingTalk","addresses":["team:08","team:07"],"url":"http://127.0.0.1:9/x","secret":"SECx"}""", Encoding.UTF8, "application/json"));
        await admin.Ask(HttpMethod.Put, "/api/channels/room07", new StringContent("""{"kind":"dingTalk","addresses":["team:07"],"url":"http://127.0.0.1:9/x","secret":"SECx"}""", Encoding.UTF8, "application/json"));
        var (map, database) = (street.Service<StreetBook>().Map, street.Service<Database>());
        var told = await Orphans.OfMapAsync(database, map, Recut(), street.Now, CancellationToken.None);
        Assert.Equal(["orphan_posts", "orphan_shifts", "orphan_cases", "orphan_channels"], told.Select(o => o.Code));
        Assert.Contains("grid026 grid027 grid028 head08 police08 property08", told[0].MessageEn, StringComparison.Ordinal);
        Assert.Equal((true, true, false), (told[2].Message.Contains(there.CallNo, StringComparison.Ordinal), told[2].Message.Contains(beside.CallNo, StringComparison.Ordinal), told[2].Message.Contains(elsewhere.CallNo, StringComparison.Ordinal)));
        Assert.EndsWith("room08", told[3].MessageEn, StringComparison.Ordinal);
        Assert.Empty(await Orphans.OfMapAsync(database, map, map, street.Now, CancellationToken.None));
        Assert.Empty(await Orphans.OfMapAsync(database, Recut(), Recut(), street.Now, CancellationToken.None)); // what hangs already
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task Such_a_map_is_refused_unless_it_is_wanted_and_then_what_is_gone_keeps_its_name()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow("026");
        var files = TestStreet.NewFolder();
        foreach (var (name, text) in RecutFiles()) await File.WriteAllTextAsync(Path.Combine(files, name), text);
        var settings = Settings(street.Folder);
        await street.CloseAsync();
        Assert.Equal(1, await ImportCommandLine.StreetAsync(files, anyway: false, settings));
        await street.RestartAsync();
        Assert.NotNull(street.Service<StreetBook>().Map.FindGrid("026"));
        await street.CloseAsync();
        Assert.Equal(0, await ImportCommandLine.StreetAsync(files, anyway: true, settings));
        await street.RestartAsync();

        Assert.Null(street.Service<StreetBook>().Map.FindGrid("026"));
        var view = (await street.Anyone.Read("/api/street")).Value<StreetView>();
        Assert.DoesNotContain(view.Grids, g => g.Code == "026");
        var (grid, team) = (view.Former.Single(f => (f.Kind, f.Code) == ("grids", "026")), view.Former.Single(f => (f.Kind, f.Code) == ("teams", "08")));
        Assert.Equal(2, view.Former.Count);
        Assert.NotEqual(grid.Code, grid.Name);
        Assert.Contains(grid.Name, FormPage.Plain((await street.Anyone.Read($"/t/{call.TrackingCode}")).Text), StringComparison.Ordinal);
        Assert.Equal((team.Name, team.NameEn), street.Service<StreetBook>().PlaceNames.Team("08"));
        (await street.Anyone.Send("/api/whistles", new { grid = "026", category = "02" })).Problem(404, Codes.GridUnknown); // nothing new there
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_policy_that_drops_a_category_with_open_cases_is_refused_unless_it_is_wanted_and_the_category_keeps_its_name()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow(category: "26");
        var policy = JsonNode.Parse(PolicyBook.DefaultJson())!;
        var categories = policy["categories"]!.AsArray();
        categories.Remove(categories.Single(c => (string?)c!["code"] == "26"));
        var file = Path.Combine(TestStreet.NewFolder(), "policy.json");
        await File.WriteAllTextAsync(file, policy.ToJsonString());
        var page = await FormPage.OpenAsync(street, "admin", "/admin");
        Assert.Contains(call.CallNo, await page.SendAsync("Policy", await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);
        var settings = Settings(street.Folder);
        await street.CloseAsync();
        Assert.Equal(1, await ImportCommandLine.PolicyAsync(file, anyway: false, settings));
        Assert.Equal(0, await ImportCommandLine.PolicyAsync(file, anyway: true, settings));
        await street.RestartAsync();
        var name = street.Service<PolicyBook>().Current.CategoryName("26");
        Assert.NotEqual("26", name.Zh);
        Assert.Contains(name.Zh, FormPage.Plain((await street.Anyone.Read($"/t/{call.TrackingCode}")).Text), StringComparison.Ordinal);
        Assert.Equal(new FormerView("categories", "26", name.Zh, name.En), Assert.Single((await street.Anyone.Read("/api/street")).Value<StreetView>().Former));
        page = await FormPage.OpenAsync(street, "admin", "/admin");
        await page.SendAsync("Policy", Encoding.UTF8.GetBytes(PolicyBook.DefaultJson()));
        Assert.Empty((await street.Anyone.Read("/api/street")).Value<StreetView>().Former); // back again
        page = await FormPage.OpenAsync(street, "admin", "/admin");
        await page.SendAsync("Policy", await File.ReadAllBytesAsync(file), ("anyway", "yes"));
        Assert.Single((await street.Anyone.Read("/api/street")).Value<StreetView>().Former);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_table_of_standards_that_drops_a_line_with_open_cases_or_a_mapping_is_refused_unless_it_is_wanted()
    {
        await using var street = await TestStreet.StartAsync();
        const string Head = "class_code,class_name,item_code,item_name,filing_condition,closing_condition,time_limit,category\n";
        async Task<string> Put(string lines, params (string, string)[] ticked) => await (await FormPage.OpenAsync(street, "admin", "/admin")).SendAsync("Standards", Encoding.UTF8.GetBytes(Head + lines), ticked);
        await Put("01,市容,01,乱堆,占道,清除,1天,\n01,市容,01,乱堆,堵门,清除,4小时,\n01,市容,02,乱贴,墙面,清除,1天,22\n");
        var call = (await street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", standard = "01-01-2" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        var due = (await street.Card(call.CallNo)).Answers.Single(a => a.Kind == "resolve").Due;
        const string Shorter = "01,市容,01,乱堆,堵门,清除,4小时,\n01,市容,02,乱贴,墙面,清除,2天,\n"; // what was the second line is the first now, and nobody mapped the last
        var told = await Put(Shorter, ("replace", "yes"));
        Assert.Contains($"{call.CallNo} (01-01-2)", told, StringComparison.Ordinal);
        Assert.Contains("01-02-1 (22)", told, StringComparison.Ordinal);
        Assert.Equal(3, street.Service<StandardsBook>().View.Standards.Count);
        var (file, settings) = (Path.Combine(TestStreet.NewFolder(), "standards.csv"), Settings(street.Folder));
        await File.WriteAllTextAsync(file, Head + Shorter);
        await street.CloseAsync();
        Assert.Equal(1, await ImportCommandLine.StandardsAsync(file, replace: true, anyway: false, settings));
        Assert.Equal(0, await ImportCommandLine.StandardsAsync(file, replace: true, anyway: true, settings));
        await street.RestartAsync();
        Assert.Equal(2, street.Service<StandardsBook>().View.Standards.Count);
        Assert.Equal(due, (await street.Card(call.CallNo)).Answers.Single(a => a.Kind == "resolve").Due); // promised is promised
        Assert.Empty(await Orphans.OfStandardsAsync(street.Service<Database>(), street.Service<StandardsBook>().View.Standards, [], CancellationToken.None)); // the case hangs already, and nothing is mapped
    }

    private static string[] Settings(string folder) => [$"--contentRoot={AppContext.BaseDirectory}", $"--Dispatch:DataPath={folder}", $"--Dispatch:Keys={TestStreet.KeysOf(folder)}", "--environment=Production"];

    /// <summary>The demo street without grid 026 and team 08; 027 and 028 belong to team 07.</summary>
    private static StreetMap Recut()
    {
        var files = RecutFiles();
        return Assert.IsType<StreetImport.Taken>(StreetFiles.Read(file => new MemoryStream(Encoding.UTF8.GetBytes(files[file])))).Map;
    }

    private static Dictionary<string, string> RecutFiles()
    {
        var files = new[] { "street.csv", "communities.csv", "grids.csv", "teams.csv", "stations.csv" }.ToDictionary(name => name, name =>
        {
            using var reader = new StreamReader(typeof(StreetFiles).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Street.Demo." + name)!);
            return reader.ReadToEnd();
        });
        string Without(string name, string code) => string.Join('\n', files[name].Split('\n').Where(line => !line.StartsWith(code + ",", StringComparison.Ordinal)));
        files["grids.csv"] = Without("grids.csv", "026");
        files["teams.csv"] = Without("teams.csv", "08").Replace("023;024;025", "023;024;025;027;028", StringComparison.Ordinal);
        files["stations.csv"] = string.Join('\n', files["stations.csv"].Split('\n').Select(line => line.StartsWith("01,", StringComparison.Ordinal) ? line.Replace(",026", ",027", StringComparison.Ordinal) : line));
        return files;
    }
}
