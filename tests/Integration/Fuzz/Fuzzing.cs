using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Fuzz;

/// <summary>
/// What a test that sends garbage knows of its street, and what it found wrong. DISPATCH_FUZZ says how many things are sent (100,000 take some minutes), DISPATCH_FUZZ_SEED which.
/// </summary>
internal sealed partial class Fuzzing
{
    public static readonly int Times = int.Parse(Environment.GetEnvironmentVariable("DISPATCH_FUZZ") ?? "1600", CultureInfo.InvariantCulture);

    public static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("DISPATCH_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);

    /// <summary>Whether nothing else runs in this process, so that its memory says something.</summary>
    public static bool IsAlone => Environment.GetEnvironmentVariable("DISPATCH_FUZZ") is not null;

    public static readonly string[] Accounts = ["duty", "leader", "community01", "grid001", "property01", "head01", "police01", "admin", "auditor", "wall"];

    private readonly Dictionary<string, List<string>> _known = [];

    public List<string> Wrong { get; } = [];

    /// <summary>How often each status was answered.</summary>
    public SortedDictionary<int, int> Answers { get; } = [];

    /// <summary>A category that there is.</summary>
    public string OneCategory(Garbage garbage) => garbage.One(_known["category"]);

    public void Count(string what, Answer answer) => Count(what, (int)answer.Status, answer.Text);

    public void Count(string what, int status, string text)
    {
        lock (Answers) Answers[status] = Answers.GetValueOrDefault(status) + 1;
        if (status >= 500 && !text.Contains($"\"code\":\"{Codes.Busy}\"", StringComparison.Ordinal)) Wrong.Add($"{status} {what} → {text[..Math.Min(text.Length, 200)]}");
        foreach (Match no in Numbers().Matches(text)) Know("callNo", no.Value);
        foreach (Match code in TrackingCodes().Matches(text)) Know("code", code.Groups[1].Value);
    }

    public void NothingWrong() => Assert.True(Wrong.Count == 0, string.Join('\n', Wrong.Distinct().Take(20)));

    /// <summary>The street still takes a call and brings it to its end, and no part of it has failed in the background.</summary>
    public static async Task GoesOnAsync(TestStreet street)
    {
        var call = (await street.Anyone.Send("/api/whistles", new { grid = "050", category = "02" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        var journal = await street.Journal(call.CallNo);
        Assert.NotEmpty(journal);
        await using var db = street.Service<Database>().Context();
        Assert.Equal(await db.Journal.CountAsync(), await db.Journal.MaxAsync(j => j.Seq)); // nothing half-done: not a number is missing
        var errors = street.Log.Lines.Where(l => l.StartsWith("Error", StringComparison.Ordinal) || l.StartsWith("Critical", StringComparison.Ordinal)).Distinct().Take(10).ToList();
        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }

    public async Task KnowAsync(TestStreet street)
    {
        _known.Clear();
        foreach (var (name, values) in ((string, string[])[])
        [
            ("grid", ["001", "026", "140"]), ("station", ["01", "09", "03"]), ("team", ["01", "02", "08"]), ("community", ["01", "02"]), ("category", ["01", "02", "04", "11", "23"]), ("level", ["S1", "S2", "S3"]), ("party", ["water", "gas", "property"]),
            ("kind", ["extension", "suspension", "decline", "gridWorker", "sick", "resource"]), ("reason", ["unsafe", "other"]), ("state", ["open", "ringing", "closed"]), ("number", ["119", "110"]), ("answer", ["property", "party-water", "community"]), ("result", ["noAnswer", "satisfied"]), ("satisfaction", ["satisfied"]),
            ("userName", [.. Accounts, "grid002"]), ("post", ["p0001", "p0002", "p0100"]), ("phone", ["13800138000"]), ("datum", ["wgs84", "gcj02"]), ("source", ["phone", "patrol", "counter"]), ("size", ["small"]), ("id", ["1", "2", "wecom"]), ("procedure", ["inspection", "callout"]), ("lang", ["en", "zh-CN"]),
        ]) _known[name] = [.. values];
        foreach (var time in (string[])["until", "from", "at", "to", "asOf", "day"]) _known[time] = ["2026-03-12T09:00:00+08:00", "2026-03-20T18:00:00+08:00", "2026-03-11"];
        for (var i = 0; i < 6; i++)
        {
            var call = await street.Blow(i % 2 == 0 ? "001" : "026", danger: i == 5);
            Know("callNo", call.CallNo);
            Know("code", call.TrackingCode);
        }

        await street.Do("grid001", _known["callNo"][0], "accept");
        await street.Handle("grid001", _known["callNo"][2]);
    }

    private void Know(string name, string value)
    {
        if (!_known.TryGetValue(name, out var have)) _known[name] = have = [];
        if (have.Count < 60 && !have.Contains(value)) have.Add(value);
    }

    public string? Known(Garbage garbage, string name)
    {
        var key = name switch { "no" or "into" or "joins" => "callNo", "grids" => "grid", "teams" => "team", "posts" or "by" => "post", "tel" => "phone", _ => name };
        return _known.GetValueOrDefault(key) is { Count: > 0 } values ? garbage.One(values) : null;
    }

    public async Task TryAsync(string what, byte[]? file, Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (Exception e)
        {
            Wrong.Add($"{what}: {e.GetType().Name} {e.Message} {e.StackTrace?.Split('\n').FirstOrDefault()?.Trim()} {(file is null ? "" : Convert.ToBase64String(file.AsSpan(0, Math.Min(file.Length, 200))))}");
        }
    }

    /// <summary>The program's own documents and tables, by the names of their resources.</summary>
    public static Dictionary<string, byte[]> Embedded(string part)
    {
        var assembly = typeof(StreetFiles).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.Contains(part, StringComparison.Ordinal)).ToDictionary(name => name, name =>
        {
            using var all = new MemoryStream();
            assembly.GetManifestResourceStream(name)!.CopyTo(all);
            return all.ToArray();
        });
    }

    public static StringContent JsonContent(string json) => new(json.Replace('\uD800', 'x'), Encoding.UTF8, "application/json");

    /// <summary>Where two texts part, for who reads what was wrong.</summary>
    public static string Difference(string before, string after)
    {
        var at = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"at {at}: …{after[Math.Max(0, at - 80)..Math.Min(after.Length, at + 60)]}…".ReplaceLineEndings(" ");
    }

    public static void Print(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Console.WriteLine($"fuzz: {line}");
    }

    [GeneratedRegex("[WMQ]\\d{6}-\\d{5}")]
    private static partial Regex Numbers();

    [GeneratedRegex("\"trackingCode\":\"([A-Za-z0-9_-]{16,64})\"")]
    private static partial Regex TrackingCodes();
}
