using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>
/// Answers that a gateway reports: the key pressed in a call, and the reply to a text. 1 is 接单, the same command as a tap; 2 says that they cannot come, so that the next message
/// about the case leaves at once. To a call-out (叫应), 1 is the answer, and there is no 2. Each counts once, under the gateway's own number for it.
/// </summary>
public sealed class AnswerCommands(Database database, ReachBook book, Roster roster, AccountBook accounts, StaffCommands staff, DispatchDesk desk, TimeProvider time)
{
    /// <summary>The maximum bytes of a report.</summary>
    public const int Limit = 4 * 1024;

    /// <summary>The maximum characters of a gateway's number for an answer.</summary>
    public const int LongestId = 64;

    /// <summary>Rows that the cleaner deletes at once.</summary>
    internal const int Bite = 1_000;

    /// <summary>How far a report's time may be from ours.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    /// <summary>How long a message can be answered.</summary>
    public static readonly TimeSpan Answerable = TimeSpan.FromHours(24);

    /// <summary>How long it is kept who answered what. Longer than <see cref="Fresh"/>, so that nothing counts again.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    private const string Unsigned = "answer_signature", Stale = "answer_stale", Invalid = "answer_invalid", Stranger = "answer_stranger", Unknown = "answer_unknown", NoKey = "answer_key", Over = "answer_over", Taken = "answer_taken", Noted = "answer_noted", HeardKey = "answer_heard_key", HeardOver = "answer_heard_over";

    /// <summary>Which message is answered, by whom, and how.</summary>
    private sealed record Meant(string Says, Staff? Who, OutboxRow? Row, string Refused)
    {
        public static Meant No(string code) => new(string.Empty, null, null, code);
    }

    /// <summary>Takes one report of a gateway.</summary>
    /// <param name="seconds">When it was signed: seconds since 1970, UTC.</param>
    /// <param name="signature">Hex HMAC-SHA256 of the time, a line feed and the body, keyed with the channel's secret: as the street's own requests are signed.</param>
    /// <returns>What came of it, as a value; a refusal if the report cannot be believed or read, or is to be sent again.</returns>
    public async Task<Outcome<Reply>> TakeAsync(string code, string? seconds, string? signature, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (book.Plan?.Channels.GetValueOrDefault(code) is not { TakesAnswers: true } channel || !IsSigned(channel.Secret, seconds, signature, body.Span)) return Outcome.Of(Unsigned).As<Reply>();
        if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var signed) || Math.Abs(now.ToUnixTimeSeconds() - (decimal)signed) > (decimal)Fresh.TotalSeconds) return Outcome.Of(Stale).As<Reply>();
        if (Read(body.Span) is not { Id: { Length: > 0 and <= LongestId } id } report || id.Any(c => c is < ' ' or > '~')) return Outcome.Of(Invalid).As<Reply>();
        var meant = channel.Kind == ChannelKind.Voice ? await PressedAsync(code, report, now, ct) : await RepliedAsync(code, report, now, ct);
        if (await BeginAsync(code, id, meant, now, ct) is { } before) return Say(Outcome.Of(before == Codes.AlreadyAccepted ? Taken : before) with { Code = before });
        var outcome = meant switch
        {
            { Refused.Length: > 0 } => Outcome.Of(meant.Refused),
            { Row: { } row } when GatewayAnswers.IsCallOut(row) => await HeardAsync(channel, new RequestKey(meant.Who!.Id, KeyOf(code, id), row.CallNo), meant.Who.Post!, row.CallNo, ct),
            { Says: GatewayAnswers.Accept } => (await staff.GiveAsync(Verbs.Accept, meant.Who!, meant.Row!.CallNo, new Tap(KeyOf(code, id)) { Via = Names.Camel(channel.Kind) })).Outcome,
            _ => Outcome.Of(Codes.Ok),
        };
        if (outcome.Status >= 500 || outcome.Status == 429) return outcome.As<Reply>(); // nothing is known: the gateway sends it again
        if (meant is { Says: GatewayAnswers.Cannot, Refused.Length: 0 }) outcome = await CannotAsync(code, id, meant, now, ct);
        else await EndAsync(code, id, channel, meant, outcome, now, ct);
        return Say(outcome);
    }

    /// <summary>Deletes answers that were kept long enough; returns how many.</summary>
    internal Task<int> ForgetAsync(DateTimeOffset now, CancellationToken ct)
    {
        var before = now - Keep;
        return database.WriteAsync(db => db.DeleteAsync(db.GatewayAnswers.Where(a => a.At <= before).OrderBy(a => a.At).Take(Bite), ct), ct);
    }

    internal static bool IsSigned(string secret, string? seconds, string? signature, ReadOnlySpan<byte> body)
    {
        if (seconds is not { Length: > 0 and <= 20 } || signature is not { Length: 64 }) return false;
        byte[] signed = [.. Encoding.UTF8.GetBytes(seconds), (byte)'\n', .. body];
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))), Encoding.ASCII.GetBytes(signature.ToLowerInvariant()));
    }

    /// <summary>The digits of a reply, on any keyboard, however they are set apart; null for anything else.</summary>
    internal static (string Key, string Code)? ReadReply(string? text)
    {
        if (text is not { Length: > 0 and <= 200 }) return null;
        var digits = string.Concat(Texts.Plain(text).Where(char.IsAsciiDigit));
        return digits.Length == GatewayAnswers.CodeDigits + 1 ? (digits[..1], digits[1..]) : null;
    }

    private static AnswerReport? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return body.Length is > 0 and <= Limit ? JsonSerializer.Deserialize(body, ContractsJson.Default.AnswerReport) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string SaysOf(string? key) => Texts.Plain(key ?? string.Empty).Trim() switch
    {
        "1" => GatewayAnswers.Accept,
        "2" => GatewayAnswers.Cannot,
        _ => string.Empty,
    };

    /// <summary>A key, in the call that the street's own number for the message names.</summary>
    private async Task<Meant> PressedAsync(string code, AnswerReport report, DateTimeOffset now, CancellationToken ct)
    {
        if (report.Ref is not { Length: > 0 and <= LongestId }) return Meant.No(Unknown);
        var since = now - Answerable;
        await using var db = database.Context();
        if (await db.Outbox.AsNoTracking().FirstOrDefaultAsync(o => o.Channel == code && o.Key == report.Ref && o.CreatedAt > since, ct) is not { } row || !IsAsked(row)) return Meant.No(Unknown);
        var post = Address.PostOf(row.Address)!;
        var held = await db.Users.AsNoTracking().Where(u => u.PasswordHash != null && (u.Post == post || db.Set<AccountPostRow>().Any(h => h.Account == u.Id && h.Post == post))).OrderBy(u => u.Id).Select(u => u.Id).ToListAsync(ct);
        return Of(SaysOf(report.Key), held.Select(id => accounts.OfId(id)?.As(post)).OfType<Staff>().FirstOrDefault(), row);
    }

    /// <summary>A reply, from a number of the staff's, with the code of a message that went to a post of theirs.</summary>
    private async Task<Meant> RepliedAsync(string code, AnswerReport report, DateTimeOffset now, CancellationToken ct)
    {
        if (Phones.OfPerson(report.Phone)?.Number is not { } number) return Meant.No(Stranger);
        await using var db = database.Context();
        var numbers = await db.Users.AsNoTracking().Where(u => u.Phone != null && u.PasswordHash != null).Select(u => new { u.Id, u.Phone }).ToListAsync(ct);
        var theirs = numbers.Where(u => Phones.OneForm(db.DataKeys.Decrypt(u.Phone)!) == number).Select(u => accounts.OfId(u.Id)).OfType<Staff>().ToList();
        if (theirs.Count == 0) return Meant.No(Stranger);
        if (ReadReply(report.Text) is not var (key, said)) return Meant.No(NoKey);
        var (since, addresses) = (now - Answerable, theirs.SelectMany(who => who.Posts).Select(p => Address.Post(p.Id.Value)).Distinct().ToList());
        var rows = (await db.Outbox.AsNoTracking().Where(o => o.Channel == code && addresses.Contains(o.Address) && o.CreatedAt > since).OrderByDescending(o => o.Id).ToListAsync(ct))
            .Where(o => IsAsked(o) && GatewayAnswers.CodeOf(db.DataKeys, o.CallNo, Address.PostOf(o.Address)!) == said).ToList();
        if (rows.Count == 0 || rows.DistinctBy(o => o.CallNo).Skip(1).Any()) return Meant.No(Unknown); // two cases of one code, by chance
        return Of(SaysOf(key), theirs.Select(who => who.As(Address.PostOf(rows[0].Address))).OfType<Staff>().First(), rows[0]);
    }

    private static Meant Of(string says, Staff? who, OutboxRow row)
    {
        if (GatewayAnswers.IsCallOut(row)) return who is null ? Meant.No(Unknown) : new Meant(says, who, row, says == GatewayAnswers.Accept ? string.Empty : HeardKey);
        return who is null || !Access.May(who, Verbs.Accept.Right) ? Meant.No(Unknown) : new Meant(says, who, row, says.Length == 0 ? NoKey : string.Empty);
    }

    private static bool IsAsked(OutboxRow row) => GatewayAnswers.Asks(row) && (row.State == "sent" || row.Attempts > 0);

    /// <summary>叫应: what the post owes is answered, through the same door as by a tap.</summary>
    private async Task<Outcome> HeardAsync(Channel channel, RequestKey key, Post post, string no, CancellationToken ct)
    {
        if (await CaseQueries.FindMatterAsync(database, Sight.Of(post), no, ct) is not { } matter || !matter.Audience.Includes(post)) return Outcome.Of(Unknown);
        var owed = matter.OwedBy(post).FirstOrDefault()?.Key ?? matter.Visit?.Owed.FirstOrDefault(o => o.Asked.Any(a => a.Admits(post)))?.Key;
        if (owed is null) return matter.Given.Any(g => g.For.Admits(post)) ? Outcome.Of(GatewayAnswers.Heard) with { Code = Codes.Ok } : Outcome.Of(HeardOver);
        var reply = await desk.Submit(new DeskRequest.Ask(matter.No, new ProceedingCommand.Answer(new Domain.Matters.Actor.OfPost(post), owed, Outcomes.Done)) { Via = Names.Camel(channel.Kind) }, key);
        return reply is DeskReply.Done ? Outcome.Of(GatewayAnswers.Heard) with { Code = Codes.Ok } : Replies.Of(reply);
    }

    /// <summary>Remembers the report before anything comes of it; what came of an earlier one with the same number.</summary>
    private Task<string?> BeginAsync(string code, string id, Meant meant, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async db =>
    {
        if (await db.GatewayAnswers.FirstOrDefaultAsync(a => a.Channel == code && a.Id == id, ct) is { } row)
            return row.Code.Length > 0 ? row.Code : row.Post == PostOf(meant) && row.CallNo == (meant.Row?.CallNo ?? string.Empty) && row.Says == meant.Says ? null : Invalid; // another answer under the same number
        db.GatewayAnswers.Add(new GatewayAnswerRow { Channel = code, Id = id, At = now, Post = PostOf(meant), CallNo = meant.Row?.CallNo ?? string.Empty, Says = meant.Says, Code = string.Empty });
        await db.SaveChangesAsync(ct);
        return null;
    }, ct);

    /// <summary>Records what came of it and, after a reply, tells them by text.</summary>
    private async Task EndAsync(string code, string id, Channel channel, Meant meant, Outcome outcome, DateTimeOffset now, CancellationToken ct)
    {
        var told = await database.WriteAsync(async db =>
        {
            if (await db.GatewayAnswers.FirstAsync(a => a.Channel == code && a.Id == id, ct) is not { Code.Length: 0 } row) return 0; // at the same time, at another node
            row.Code = outcome.Code;
            var texts = channel.Kind == ChannelKind.Sms && meant.Row is not null ? 1 : 0;
            if (texts > 0) db.Outbox.Add(TextBack(meant.Row!, outcome.Code == Codes.Ok && GatewayAnswers.IsCallOut(meant.Row!) ? GatewayAnswers.Heard : outcome.Code, now));
            await db.SaveChangesAsync(ct);
            return texts;
        }, ct);
        if (told > 0) book.Told(told);
    }

    /// <summary>They cannot come: their own messages of the case end, and whatever was to leave next about it leaves now.</summary>
    private async Task<Outcome> CannotAsync(string code, string id, Meant meant, DateTimeOffset now, CancellationToken ct)
    {
        var (said, post, no) = (Codes.Ok, PostOf(meant), meant.Row!.CallNo);
        await database.WriteAsync(async db =>
        {
            var row = await db.GatewayAnswers.FirstAsync(a => a.Channel == code && a.Id == id, ct);
            if (row.Code.Length > 0) return said = row.Code;
            var waits = await CaseQueries.SubjectAsync(db, Sight.OfTheEngine, no, ct) is { Waits: true };
            said = !roster.At(now).Contains(meant.Who!.Post!.Id) ? Codes.NotOnDuty : waits ? Codes.Ok : Over;
            var again = await db.GatewayAnswers.AnyAsync(a => a.CallNo == no && a.Post == post && a.Says == GatewayAnswers.Cannot && a.Code == Codes.Ok, ct);
            row.Code = said;
            if (said == Codes.Ok && !again)
            {
                var pending = await db.Outbox.Where(o => o.CallNo == no && o.State == "waiting" && o.UntilAccepted).ToListAsync(ct);
                foreach (var own in pending.Where(o => o.Address == meant.Row.Address)) (own.State, own.Why, own.DoneAt) = ("cancelled", GatewayAnswers.Cannot, now);
                var later = pending.Where(o => o.State == "waiting" && o.NotBefore > now).GroupBy(o => o.NotBefore).MinBy(g => g.Key);
                foreach (var next in later ?? Enumerable.Empty<OutboxRow>()) (next.NotBefore, next.NextAt) = (now, now);
            }

            await db.SaveChangesAsync(ct);
            return said;
        }, ct);
        book.Told(0);
        return said == Codes.Ok ? Outcome.Of(Noted) with { Code = Codes.Ok } : Outcome.Of(said);
    }

    private static OutboxRow TextBack(OutboxRow asked, string code, DateTimeOffset now) =>
        new Notice(asked.Channel, asked.Address, asked.CallNo, GatewayAnswers.Answered, now) { Level = asked.Level, Category = asked.Category, Grid = asked.Grid, Subject = code }.AsRow(now);

    private static Outcome<Reply> Say(Outcome outcome) => new Reply { Ok = outcome.Ok, Code = outcome.Code, Message = outcome.Message, MessageEn = outcome.MessageEn };

    private static string PostOf(Meant meant) => meant.Who?.Post?.Id.Value ?? string.Empty;

    private static string KeyOf(string code, string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{code}\n{id}")))[..32];
}
