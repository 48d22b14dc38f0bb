using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>
/// A party without an account answers through a link to the one case it was called to (部门报到). The link shows no caller, ends with the
/// case or after <see cref="Life"/>, and answers once. Every access is logged.
/// </summary>
public sealed class PartyCommands(DispatchDesk desk, Database database, StaffSight sight, PolicyBook policies, TimeProvider time)
{
    /// <summary>How long a link is valid.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>The name under which a party's accesses are logged.</summary>
    private const string Reader = "party";

    /// <summary>Creates a link for an outstanding answer; it is shown to the asker and stored nowhere in clear. A new link ends earlier ones.</summary>
    public async Task<Outcome<LinkReply>> LinkAsync(Staff who, string callNo, string? answer, CancellationToken ct)
    {
        var found = await sight.CaseAsync(who, callNo, ct);
        if (found.Value is not { } call) return new(found);
        if (!call.IsWorkedOnBy(who.Post!) && who.Post!.Kind is not (Domain.Duty.PostKind.CommunityDesk or Domain.Duty.PostKind.StreetDesk)) return new(Outcome.Of(Codes.WrongTeam));
        if (!call.IsOpen) return new(Outcome.Of(Codes.CallOver));
        if (call.Answers.FirstOrDefault(a => a.Key == answer && a.IsOwed && Links(call, a)) is not { } owed) return new(Outcome.Of(Codes.NoSuchAnswer));
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var until = DateTimeOffset.FromUnixTimeMilliseconds((time.GetUtcNow() + Life).ToUnixTimeMilliseconds());
        await database.WriteAsync(async db =>
        {
            await db.DeleteAsync(db.PartyLinks.Where(l => l.CallNo == callNo && l.Answer == owed.Key), ct);
            db.PartyLinks.Add(new PartyLinkRow { Hash = HashOf(code), CallNo = callNo, Answer = owed.Key, ExpiresAt = until });
            return await db.SaveChangesAsync(ct);
        }, ct);
        return new LinkReply($"/d/{code}", until);
    }

    /// <summary>The case behind a link; null if the link is unknown or expired, or its case is over or continues in another. A party that is no longer needed reads no words.</summary>
    public async Task<PartyView?> ViewAsync(string code, CancellationToken ct)
    {
        if (await OpenAsync(code, ct) is not var (call, owed)) return null;
        await using var db = database.Context();
        var description = owed.Released ? null : (await db.Words.Where(w => w.CallNo == call.No.Value && w.Kind == "description").Take(1).ReadAsync(db, ct)).FirstOrDefault()?.Words;
        await database.WriteAsync(writing =>
        {
            writing.Reads.Add(new ReadRow { At = time.GetUtcNow(), Account = Reader, Post = owed.Key, CallNo = call.No.Value, Looked = "detail", Reason = null });
            return writing.SaveChangesAsync(ct);
        }, ct);
        var party = policies.Current.Of(call.PolicyVersion).FindParty(owed.Party);
        return new PartyView(
            call.No.Value, owed.Party, party?.Name ?? owed.Party, party?.NameEn ?? owed.Party, call.Category, call.Level.ToString(), call.Grid.Value, call.Station?.Value,
            Names.Of(call.State), description ?? string.Empty, call.OpenedAt, owed.Clock.Due, owed.Met is not null, owed.Released)
        {
            Kind = owed.Kind == AnswerKind.Acknowledge ? Names.Camel(owed.Kind) : null,
        };
    }

    /// <summary>The party answers; a second time is no error and changes nothing.</summary>
    public async Task<Outcome> AttendAsync(string code, string? note, string? idempotencyKey, CancellationToken ct)
    {
        if (Texts.Check(note, Texts.NoteLimit, "note", out var words) is { } tooLong) return tooLong;
        if (await OpenAsync(code, ct) is not var (call, owed)) return Outcome.Of(Codes.LinkUnknown);
        if (!Keys.TryMake(idempotencyKey, null, $"attend {call.No} {owed.Key}", new NoteRequest(note), ContractsJson.Default.NoteRequest, out var key)) return Outcome.Of(Codes.IdempotencyKeyInvalid);
        CallCommand command = owed.Kind == AnswerKind.Attend ? new CallCommand.Attend(null, owed.Key) : new CallCommand.Acknowledge(null, owed.Key);
        return Replies.Of(await desk.Submit(new DeskRequest.Ask(call.No, command, words.Length > 0 ? new CallWords("note", words) : null), key));
    }

    /// <summary>Whether an answer is given through a link: a called party's, or one the pack requires of a party without a post.</summary>
    private bool Links(WhistleCall call, Answer answer) =>
        answer.Kind == AnswerKind.Attend || (answer.Kind == AnswerKind.Acknowledge && policies.Current.Of(call.PolicyVersion).FindParty(answer.Party) is not null);

    private async Task<(WhistleCall Call, Answer Owed)?> OpenAsync(string code, CancellationToken ct)
    {
        if (code.Length is < 20 or > 32 || !code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return null;
        var (hash, now) = (HashOf(code), time.GetUtcNow());
        await using var db = database.Context();
        var link = await db.PartyLinks.AsNoTracking().FirstOrDefaultAsync(l => l.Hash == hash && l.ExpiresAt > now, ct);
        if (link is null || await CaseQueries.FindAsync(database, Sight.OfTheEngine, link.CallNo, ct) is not { IsOpen: true } call) return null;
        return call.Answers.FirstOrDefault(a => a.Key == link.Answer) is { } owed ? (call, owed) : null;
    }

    private static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(code)));
}
