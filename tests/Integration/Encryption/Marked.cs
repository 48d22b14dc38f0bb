using System.Net;
using System.Text;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Integration.Matters;
using DispatchCenter.Tests;
using Xunit;

namespace DispatchCenter.Integration.Encryption;

/// <summary>A street on which every entrance was given a person, words, a place, a photo or a code, each with a mark of its own.</summary>
internal sealed class Marked(TestStreet street)
{
    /// <summary>What its street is started with: the push service of its phone is on this machine.</summary>
    public const string Setting = "--Dispatch:LoopbackChannels=true";

    private readonly List<(string What, byte[] Bytes)> _marks = [];

    /// <summary>What must be found nowhere in clear.</summary>
    public IReadOnlyList<(string What, byte[] Bytes)> Marks => _marks;

    public WhistleReceipt Call { get; private set; } = null!;

    public string Matter { get; private set; } = null!;

    public string Phone { get; } = "13977776666";

    public async Task HappenAsync()
    {
        var photo = MadePhotos.Jpeg(6);
        var id = (await street.Anyone.Send("/api/photos", photo, contentType: "image/jpeg")).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
        Call = (await street.Anyone.Send("/api/whistles", new
        {
            grid = "001", category = "02", description = Mark("description"), photos = new[] { id },
            contact = new { name = Mark("name"), phone = Mark("phone", Phone) }, location = new { lat = 35.06651234, lon = 122.37651234, datum = "wgs84" },
        })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Mark("latitude", BitConverter.GetBytes(35.06651234).AsEnumerable().Reverse().ToArray());
        Mark("tracking code", Call.TrackingCode);
        await street.Service<ShareCommands>().ShareAsync(Call.TrackingCode, CancellationToken.None);
        Mark("code for the family", (await street.Service<ShareCommands>().OfAsync(Call.TrackingCode, CancellationToken.None))!);
        var kept = await (await street.As("duty")).GetByteArrayAsync(new Uri($"/api/calls/{Call.CallNo}/photos/{id}", UriKind.Relative));
        Mark("photo", kept[(kept.Length / 2)..(kept.Length - 2)]);
        Assert.True(kept.Length > 64);

        await street.Do("grid001", Call.CallNo, "accept");
        await street.Anyone.Send($"/api/track/{Call.TrackingCode}/note", new { note = Mark("caller's note") });
        Assert.Equal(HttpStatusCode.OK, (await (await street.As("duty")).Send($"/api/calls/{Call.CallNo}/contact", new { note = Mark("reason") })).Status);
        await street.Do("grid001", Call.CallNo, "note", new { note = Mark("officer's note") });
        var scene = new MatterScene(street);
        var opened = await scene.Open(body: MatterScene.Errand(what: Mark("form"), whose: Mark("whose"), name: Mark("matter's name"), phone: Mark("matter's phone", "13966665555")));
        Matter = opened.CallNo;
        if (opened.TrackingCode is { } code) Mark("code of a matter", code);
        Assert.Equal("ok", (await street.Service<ReachCommands>().PutPhoneAsync("grid005", Mark("officer's phone", "13955554444"), TestStreet.Admin, CancellationToken.None)).Code);
        await TurnOnAsync("grid005");
        Mark("secret of a second factor", (await street.ProveAsync("leader")).Secret);
        await (await street.As("community01")).Send("/api/duty/note", new { note = Mark("note for the next shift") });
        await street.Do("grid001", Call.CallNo, "arrive");
        await street.Do("grid001", Call.CallNo, "resolve", new { report = Mark("report") });
    }

    /// <summary>锁屏提醒 on a phone: its address and its keys.</summary>
    private async Task TurnOnAsync(string user)
    {
        Assert.True((await street.Service<ReachCommands>().PutAsync("push", new ChannelRequest { Kind = "push", Url = "https://street.example" }, TestStreet.Admin, CancellationToken.None)).Ok);
        using var phone = new FakePhone(Mark("phone's push address", $"http://127.0.0.1:9/push/{Guid.NewGuid():N}"));
        var request = JsonSerializer.SerializeToElement(phone.Request);
        Mark("phone's push key", request.GetProperty("p256dh").GetString()!);
        Mark("phone's push secret", request.GetProperty("auth").GetString()!);
        var browser = new Browser(street);
        await browser.SignInAsync(user);
        using var page = browser.Copy();
        Assert.Equal(HttpStatusCode.NoContent, (await page.Send("/api/push", phone.Request)).Status);
    }

    /// <summary>The marks in the files of a folder, and where.</summary>
    public List<string> FoundIn(string folder)
    {
        var found = new List<string>();
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            var bytes = File.ReadAllBytes(file);
            found.AddRange(Marks.Where(m => bytes.AsSpan().IndexOf(m.Bytes) >= 0).Select(m => $"{m.What} in {Path.GetFileName(file)}"));
        }

        return found;
    }

    /// <summary>The marks in the rows of every table.</summary>
    public async Task<List<string>> FoundInTablesAsync(Database database)
    {
        var found = new List<string>();
        await using var connection = await database.OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        await using var db = database.Context();
        foreach (var table in db.Model.GetEntityTypes().Select(e => Microsoft.EntityFrameworkCore.RelationalEntityTypeExtensions.GetTableName(e)!).Append("chain"))
        {
            command.CommandText = $"SELECT * FROM {table}";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    var bytes = reader.GetValue(i) switch { byte[] blob => blob, double real => BitConverter.GetBytes(real).Reverse().ToArray(), string text => Encoding.UTF8.GetBytes(text), _ => [] };
                    found.AddRange(Marks.Where(m => bytes.AsSpan().IndexOf(m.Bytes) >= 0).Select(m => $"{m.What} in {table}.{reader.GetName(i)}"));
                }
        }

        return found;
    }

    private string Mark(string what, string? text = null)
    {
        var mark = text ?? $"{Guid.NewGuid():N}";
        Mark(what, Encoding.UTF8.GetBytes(mark));
        return text ?? $"睦邻{mark}"; // forms are stored as JSON, which escapes Chinese
    }

    private void Mark(string what, byte[] bytes) => _marks.Add((what, bytes));
}
