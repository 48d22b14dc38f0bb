using System.Globalization;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>What became of a message.</summary>
/// <param name="State">sent, dead or waiting.</param>
/// <param name="Why">A code: why the last attempt failed; empty if none did.</param>
/// <param name="IsTest">Whether an administrator sent it to try the channel out.</param>
/// <param name="At">When it was sent or given up; of one that waits, when it was made.</param>
public sealed record LastMessage(string State, string Why, bool IsTest, int Attempts, DateTimeOffset At)
{
    /// <summary>Whether nobody has tried to send it yet.</summary>
    public bool IsUnderWay => State == "waiting" && Attempts == 0;
}

/// <summary>The administrator's commands for notifications: channels, rules, phone numbers, and dead messages.</summary>
public sealed class ReachCommands(Database database, ReachBook book, StreetBook streets, PolicyBook policies, DispatchOptions options, TimeProvider time)
{
    /// <summary>Lines per page.</summary>
    public const int Page = 200;

    /// <summary>The maximum of dead messages resent at once.</summary>
    public const int MostResent = 1_000;

    private static readonly string[] States = ["waiting", "sent", "dead", "cancelled", "skipped", "expanded", "collapsed"];

    public async Task<Outcome<ChannelsView>> ChannelsAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var failing = await db.Channels.AsNoTracking().ToDictionaryAsync(c => c.Code, c => c.FailingSince, ct);
        return new ChannelsView([.. (book.Plan?.Channels.Values ?? []).OrderBy(c => c.Code, StringComparer.Ordinal).Select(c => View(c, failing.GetValueOrDefault(c.Code)))]);
    }

    public async Task<Outcome<ChannelsView>> PutAsync(string code, ChannelRequest request, Staff by, CancellationToken ct)
    {
        if (code.Length is < 1 or > 24 || !code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return Invalid("channel_code", "code");
        var before = book.Plan?.Channels.GetValueOrDefault(code);
        if ((request.Kind is null ? before?.Kind : Names.Parse<ChannelKind>(request.Kind)) is not { } kind) return Invalid("channel_kind", "kind");
        var personal = Channel.IsPersonalKind(kind);
        var addresses = request.Addresses ?? before?.Settings.Addresses ?? (personal ? [Channel.Everywhere] : []);
        if (addresses.Count is 0 or > ChannelSettings.MostAddresses || !addresses.All(a => IsOfStreet(a) || (a == Channel.Everywhere && (personal || kind == ChannelKind.Webhook)))) return Invalid("channel_addresses", "addresses");
        var settings = new ChannelSettings
        {
            Kind = kind,
            Addresses = addresses,
            Enabled = request.Enabled ?? before?.Settings.Enabled ?? true,
            PerMinute = request.PerMinute ?? before?.Settings.PerMinute ?? Channel.PerMinuteOf(kind),
            TimeoutSeconds = request.TimeoutSeconds ?? before?.Settings.TimeoutSeconds ?? 8,
            FirstRetrySeconds = request.FirstRetrySeconds ?? before?.Settings.FirstRetrySeconds ?? 1,
            PropertyReads = request.PropertyReads ?? before?.Settings.PropertyReads ?? addresses.Any(a => Address.TeamOf(a) is not null),
            Template = Kept(request.Template, before?.Settings.Template),
            OkField = Kept(request.OkField, before?.Settings.OkField),
            OkValue = Kept(request.OkValue, before?.Settings.OkValue),
            Answers = request.Answers ?? before?.Settings.Answers ?? false,
        };
        if (OutOfBounds(settings, request) is { } about) return Invalid("channel_bounds", about);
        if (settings.Template is { } template && (template.Length > ChannelSettings.LongestTemplate || !Formats.IsTemplate(template))) return Invalid("channel_template", "template");
        if (settings.Answers && (kind is not (ChannelKind.Sms or ChannelKind.Voice) || (request.Secret ?? before?.Secret ?? string.Empty).Length < ChannelSettings.ShortestAnswerSecret)) return Invalid("channel_answers", "answers");
        if (kind == ChannelKind.Webhook && (request.Secret ?? before?.Secret) is { Length: > 0 } secret && !Formats.IsWebhookSecret(secret)) return Invalid("channel_secret", "secret");
        Uri? url = null;
        if (kind == ChannelKind.Push && request.Url is not null && !IsContact(request.Url, out url)) return Invalid("channel_contact", "url");
        if (before is not null && before.Kind != kind && request.Url is null && new[] { before.Kind, kind }.Any(k => k is ChannelKind.Push or ChannelKind.WeComApp)) return Invalid(kind == ChannelKind.Push ? "channel_contact" : "channel_room", "url"); // an address may be a secret, a contact is not
        if (kind == ChannelKind.Push && before is null && url is null && (url = options.PublicUrls.FirstOrDefault(u => u.Scheme == Uri.UriSchemeHttps)) is null) return Invalid("channel_contact", "url");
        if (kind != ChannelKind.Push && request.Url is not null && !MayGo(request.Url, out url)) return new(Outcome.Of("channel_url") with { About = "url" });
        if (kind == ChannelKind.WeComApp && ((url is not null && !WeComApps.IsAddress(url)) || (request.Secret ?? before?.Secret) is not { Length: > 0 })) return Invalid("channel_app", url is not null && !WeComApps.IsAddress(url) ? "url" : "secret");
        return await book.PutAsync(code, settings, url, request.Secret, by.Id, ct) ? await ChannelsAsync(ct) : Invalid("channel_room", before is null && url is null ? "url" : null);
    }

    public async Task<Outcome<ChannelsView>> RemoveAsync(string code, Staff by, CancellationToken ct) =>
        await book.RemoveAsync(code, by.Id, ct) ? await ChannelsAsync(ct) : Outcome.Of("channel_unknown").As<ChannelsView>();

    /// <summary>Sends a test message over a channel; a gateway uses the requester's own number.</summary>
    public async Task<Outcome> TestAsync(string code, Staff by, CancellationToken ct)
    {
        if (book.Plan?.Channels.GetValueOrDefault(code) is not { } channel) return Outcome.Of("channel_unknown");
        if (channel.Kind == ChannelKind.Push) return Outcome.Of("channel_no_test");
        var address = channel.Settings.Addresses.FirstOrDefault(a => a != Channel.Everywhere) ?? Address.Street;
        await database.WriteAsync(db =>
        {
            db.Outbox.Add(new Notice(code, address, string.Empty, Outbox.Test, time.GetUtcNow()).AsRow(time.GetUtcNow()));
            db.Act(by.Id, time.GetUtcNow(), Acts.ChannelTested, $"channel:{code}");
            return db.SaveChangesAsync(ct);
        }, ct);
        book.Told(1);
        return Outcome.Of("ok");
    }

    /// <summary>What became of the last message of each channel; of one without any, nothing.</summary>
    public async Task<IReadOnlyDictionary<string, LastMessage>> LastAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var last = await db.Outbox.Where(o => o.State == "sent" || o.State == "dead" || (o.State == "waiting" && (o.Attempts > 0 || o.Event == Outbox.Test))).GroupBy(o => o.Channel).Select(g => g.Max(o => o.Id)).ToListAsync(ct);
        return await db.Outbox.AsNoTracking().Where(o => last.Contains(o.Id)).ToDictionaryAsync(o => o.Channel, o => new LastMessage(o.State, o.Why, o.Event == Outbox.Test, o.Attempts, o.DoneAt ?? o.CreatedAt), ct);
    }

    public ReachView Rules() => new(book.Rules.Version, JsonSerializer.Deserialize<JsonElement>(book.Rules.Json));

    public async Task<Outcome<ReachView>> PutRulesAsync(string json, Staff by, CancellationToken ct)
    {
        try
        {
            await book.AddRulesAsync(json, by.UserName, ct);
            return Rules();
        }
        catch (UnusableDocumentException e)
        {
            return Outcome.Of("reach_invalid", (e.Chinese, e.English)).As<ReachView>();
        }
    }

    /// <summary>Messages in one state, newest first.</summary>
    public async Task<Outcome<OutboxPage>> ListAsync(string? state, CancellationToken ct)
    {
        state ??= "dead";
        if (!States.Contains(state)) return Outcome.Bad("outbox_state", string.Join(", ", States)).As<OutboxPage>();
        await using var db = database.Context();
        var counts = await db.Outbox.GroupBy(o => o.State).Select(g => new { g.Key, Count = g.LongCount() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var rows = await db.Outbox.AsNoTracking().Where(o => o.State == state).OrderByDescending(o => o.Id).Take(Page).ToListAsync(ct);
        return new OutboxPage(counts, [.. rows.Select(Line)]);
    }

    /// <summary>Resends a dead message, or all of a channel: under the same key while receivers remember it, otherwise under a new one.</summary>
    public async Task<Outcome> ResendAsync(long? id, string? channel, Staff by, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var resent = await database.WriteAsync(async db =>
        {
            var rows = await db.Outbox.Where(o => o.State == "dead" && (id == null || o.Id == id) && (channel == null || o.Channel == channel)).OrderBy(o => o.Id).Take(MostResent).ToListAsync(ct);
            foreach (var row in rows)
            {
                if (now - row.NotBefore > Outbox.KeyWindow) (row.Key, row.NotBefore) = (Notice.NewKey(), now);
                (row.State, row.Why, row.Attempts, row.NextAt, row.LeaseUntil, row.DoneAt) = ("waiting", string.Empty, 0, now, DateTimeOffset.UnixEpoch, null);
            }

            foreach (var of in rows.CountBy(r => r.Channel)) db.Act(by.Id, now, Acts.Resent, $"channel:{of.Key}", string.Create(CultureInfo.InvariantCulture, $"messages:{of.Value}"));
            await db.SaveChangesAsync(ct);
            return rows.Count;
        }, ct);
        if (resent == 0) return Outcome.Of("message_unknown");
        book.Told(resent);
        return Outcome.Of("ok");
    }

    /// <summary>The number for an account's text messages and calls.</summary>
    /// <param name="anyway">An unusual number is taken without being asked about.</param>
    public async Task<Outcome> PutPhoneAsync(string userName, string? phone, Staff by, CancellationToken ct, bool anyway = false)
    {
        var read = Phones.Of(phone);
        if (read is null && !string.IsNullOrWhiteSpace(phone)) return Outcome.Of("phone_invalid");
        if (read is { IsUnusual: true } && !anyway) return Outcome.Of(Phones.Unusual);
        var number = read?.Number ?? string.Empty;
        var name = userName.ToUpperInvariant();
        var changed = await database.WriteAsync(async db =>
        {
            if (await db.Users.FirstOrDefaultAsync(u => u.NormalizedUserName == name && u.PasswordHash != null, ct) is not { } account) return 0;
            account.Phone = number.Length > 0 ? db.DataKeys.Encrypt(Account.PhoneColumn, number) : null;
            db.Act(by.Id, time.GetUtcNow(), Acts.PhoneChanged, Acts.Of(account), number.Length > 0 ? "set" : "removed");
            await db.SaveChangesAsync(ct);
            return 1;
        }, ct);
        return Outcome.Of(changed > 0 ? "ok" : "staff_unknown");
    }

    private bool IsOfStreet(string? address) => address is not null && (address == Address.Street
        || (Address.TeamOf(address) is { } team && streets.Map.FindTeam(team) is not null)
        || (Address.CommunityOf(address) is { } community && streets.Map.FindCommunity(community) is not null)
        || (Address.PartyOf(address) is { } party && policies.Current.Latest.FindParty(party) is not null));

    /// <summary>https to another machine; this machine only if allowed for trials. A demo, whose password is public, must not send anything out.</summary>
    private bool MayGo(string text, out Uri? url)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out url) || url.UserInfo.Length > 0 || text.Length > 1_000 || url.Scheme is not ("https" or "http")) return false;
        if (url.IsLoopback) return options.LoopbackChannels;
        return url.Scheme == "https" && !(options.Demo && options.DemoPassword == DispatchOptions.DefaultDemoPassword);
    }

    /// <summary>Where the operator of a push service finds whoever runs the street: https or mailto.</summary>
    private static bool IsContact(string text, out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && text.Length <= 200 && (url.Scheme == Uri.UriSchemeMailto ? url is { UserInfo.Length: > 0, Host.Length: > 0 } : url is { Scheme: "https", UserInfo.Length: 0 });

    /// <summary>Nothing keeps the previous text, and an empty one removes it.</summary>
    private static string? Kept(string? text, string? before) => text is null ? before : text.Length == 0 ? null : text;

    private static string? OutOfBounds(ChannelSettings settings, ChannelRequest request) =>
        settings.PerMinute is < 1 or > ChannelSettings.MostPerMinute ? "perMinute"
        : settings.TimeoutSeconds is < 1 or > ChannelSettings.LongestTimeout ? "timeoutSeconds"
        : settings.FirstRetrySeconds is not (>= ChannelSettings.ShortestRetry and <= ChannelSettings.LongestRetry) ? "firstRetrySeconds"
        : request.Secret?.Length > 200 ? "secret"
        : request.OkField?.Length > 80 ? "okField"
        : request.OkValue?.Length > 40 ? "okValue"
        : null;

    private static Outcome<ChannelsView> Invalid(string why, string? about)
    {
        var (_, zh, en) = Sentences.Find(why);
        return new(Outcome.Of("channel_invalid", (zh, en)) with { About = about });
    }

    private static ChannelView View(Channel channel, DateTimeOffset? failingSince)
    {
        var s = channel.Settings;
        return new ChannelView(
            channel.Code, Names.Camel(s.Kind), s.Addresses, channel.Endpoint?.Host, channel.Secret.Length > 0, s.Enabled, s.PerMinute, s.TimeoutSeconds, s.FirstRetrySeconds, s.PropertyReads,
            s.Template, s.OkField, s.OkValue, failingSince) { Answers = s.Answers };
    }

    private static OutboxLine Line(OutboxRow row) => new()
    {
        Id = row.Id, Key = row.Key, Channel = row.Channel, Address = row.Address, Event = row.Event, CallNo = row.CallNo, Level = row.Level, State = row.State, Why = row.Why,
        Attempts = row.Attempts, CreatedAt = row.CreatedAt, NotBefore = row.NotBefore, NextAt = row.State == "waiting" ? row.NextAt : null, DoneAt = row.DoneAt,
    };
}
