using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>The rules and the channels, held in memory and reloaded on change. Without a channel there is no plan, and nothing is sent.</summary>
public sealed class ReachBook(Database database, IDataProtectionProvider? protection, OutboxMeters meters, TimeProvider time)
{
    /// <summary>Its row in the table of books.</summary>
    public const string Name = "reach";

    public const int MostChannels = 200;

    private const string Kind = "reach";

    private readonly IDataProtector? _protector = protection?.CreateProtector("DispatchCenter.Channels");
    private volatile Plan? _plan;
    private volatile Rules _rules = Rules.Default;

    /// <summary>Null if there is no channel.</summary>
    internal Plan? Plan => _plan;

    internal Rules Rules => _rules;

    /// <summary>Pulses when a notice was put into the outbox or the plan has changed.</summary>
    internal Pulse Stirred { get; } = new();

    /// <summary>Where something was seen, and what: in the language in which the street writes to people.</summary>
    internal string Placed(string name, string words)
    {
        var (_, zh, en) = Sentences.Find("said_at");
        return words.Length == 0 ? name : string.Format(CultureInfo.InvariantCulture, Rules.IsChinese ? zh : en, name, words);
    }

    /// <summary>Records how many messages were put into the outbox.</summary>
    internal void Told(int notices)
    {
        meters.Queued(notices);
        Stirred.Beat();
    }

    public async Task LoadAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var latest = await db.Documents.AsNoTracking().Where(d => d.Kind == Kind).OrderByDescending(d => d.Version).FirstOrDefaultAsync(ct);
        var rows = await db.Channels.AsNoTracking().ToListAsync(ct);
        _rules = latest is null ? Rules.Default : Rules.Parse(latest.Json, latest.Version);
        _plan = rows.Count == 0 ? null : new Plan(_rules, rows.Select(Read));
        Stirred.Beat();
    }

    /// <summary>Adds a version of the rules; returns its number.</summary>
    /// <exception cref="UnusableDocumentException">The document cannot be used.</exception>
    public async Task<int> AddRulesAsync(string json, string byAccount, CancellationToken ct)
    {
        Rules.Parse(json, 1);
        var added = await database.WriteAsync(async db =>
        {
            var version = (await db.Documents.Where(d => d.Kind == Kind).MaxAsync(d => (int?)d.Version, ct) ?? 0) + 1;
            db.AddDocument(new DocumentRow { Kind = Kind, Version = version, Json = json, At = time.GetUtcNow(), ByAccount = byAccount });
            await db.SaveChangesAsync(ct);
            await db.ChangedAsync(ReachBook.Name, ct);
            return version;
        }, ct);
        await LoadAsync(ct);
        return added;
    }

    /// <summary>Adds or changes a channel; a null endpoint or secret keeps the previous one. False if a new channel has no endpoint, or there is no room.</summary>
    internal async Task<bool> PutAsync(string code, ChannelSettings settings, Uri? endpoint, string? secret, string by, CancellationToken ct)
    {
        var json = JsonSerializer.Serialize(settings, ReachJson.Default.ChannelSettings);
        var done = await database.WriteAsync(async db =>
        {
            if (await db.Channels.FirstOrDefaultAsync(c => c.Code == code, ct) is { } row)
            {
                (row.Settings, row.FailingSince) = (json, null);
                if (endpoint is not null) row.Endpoint = Protect(endpoint.AbsoluteUri);
                if (secret is not null) row.Secret = Protect(secret);
                row.Tokens = Math.Min(row.Tokens, settings.PerMinute);
            }
            else if (endpoint is null || await db.Channels.CountAsync(ct) >= MostChannels)
            {
                return false;
            }
            else
            {
                db.Channels.Add(new ChannelRow
                {
                    Code = code, Settings = json, Endpoint = Protect(endpoint.AbsoluteUri), Secret = Protect(secret ?? string.Empty), Tokens = settings.PerMinute, TokensAt = time.GetUtcNow(),
                });
            }

            db.Act(by, time.GetUtcNow(), Acts.ChannelPut, $"channel:{code}", string.Join(' ', new[] { endpoint is null ? null : "endpoint", secret is null ? null : "secret" }.OfType<string>()));
            await db.SaveChangesAsync(ct);
            await db.ChangedAsync(ReachBook.Name, ct);
            return true;
        }, ct);
        if (done) await LoadAsync(ct);
        return done;
    }

    /// <summary>Turns a channel off that failed for good, and lets it be seen as failing; false if it was changed since it was asked.</summary>
    internal async Task<bool> TurnOffAsync(Channel asked, CancellationToken ct)
    {
        var done = await database.WriteAsync(async db =>
        {
            if (await db.Channels.FirstOrDefaultAsync(c => c.Code == asked.Code, ct) is not { } row || Read(row) is not { Settings.Enabled: true } now || now.Endpoint != asked.Endpoint) return false;
            row.Settings = JsonSerializer.Serialize(now.Settings with { Enabled = false }, ReachJson.Default.ChannelSettings);
            row.FailingSince ??= time.GetUtcNow();
            db.Act(Acts.BySystem, time.GetUtcNow(), Acts.ChannelPut, $"channel:{asked.Code}");
            await db.SaveChangesAsync(ct);
            await db.ChangedAsync(ReachBook.Name, ct);
            return true;
        }, ct);
        if (done) await LoadAsync(ct);
        return done;
    }

    /// <summary>Removes a channel; the messages waiting for it die, visibly.</summary>
    internal async Task<bool> RemoveAsync(string code, string by, CancellationToken ct)
    {
        var removed = await database.WriteAsync(async db =>
        {
            await db.ChangedAsync(ReachBook.Name, ct);
            var now = time.GetUtcNow();
            await db.Outbox.Where(o => o.Channel == code && o.State == "waiting").ExecuteUpdateAsync(s => s.SetProperty(o => o.State, "dead").SetProperty(o => o.Why, "channel_gone").SetProperty(o => o.DoneAt, now), ct);
            var gone = await db.DeleteAsync(db.Channels.Where(c => c.Code == code), ct);
            if (gone > 0) db.Act(by, now, Acts.ChannelRemoved, $"channel:{code}");
            await db.SaveChangesAsync(ct);
            return gone;
        }, ct);
        await LoadAsync(ct);
        return removed > 0;
    }

    private Channel Read(ChannelRow row) => new(
        row.Code,
        JsonSerializer.Deserialize(row.Settings, ReachJson.Default.ChannelSettings)!,
        Unprotect(row.Endpoint) is { } endpoint ? new Uri(endpoint) : null,
        Unprotect(row.Secret) ?? string.Empty);

    private string Protect(string text) => (_protector ?? throw new InvalidOperationException("There are no keys to protect a channel's secret with.")).Protect(text);

    /// <summary>Null if the key it was encrypted with is gone.</summary>
    private string? Unprotect(string text)
    {
        try
        {
            return _protector?.Unprotect(text);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
