using System.Data.Common;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>
/// 换班与交接班: tells open cases about a shift change, so that newcomers ring and a leaver's cases go to the next
/// shift; keeps notes that belong to no case. The desk decides each case; whatever fails now is retried.
/// </summary>
public sealed class DutyHandOver(Database database, DispatchDesk desk, Roster roster, TimeProvider time)
{
    /// <summary>Accepted cases per batch.</summary>
    public const int Bite = 256;

    /// <summary>How many notes the next shift sees, and for how long.</summary>
    public const int MostNotes = 20;

    public static readonly TimeSpan NotesFor = TimeSpan.FromHours(48);

    /// <summary>An accepted case, ordered by its breach.</summary>
    internal readonly record struct InHand(long BreachAt, string No, int Version, WhistleCall Call);

    private readonly Lock _telling = new();
    private OnDuty? _told;
    private Place? _place;

    /// <summary>How far the open cases have been told: first the ringing ones, then the accepted ones.</summary>
    private sealed record Place(OnDuty OnDuty, bool InHand, long BreachAt, string No)
    {
        public static Place First(OnDuty onDuty, bool inHand) => new(onDuty, inHand, long.MinValue, string.Empty);
    }

    /// <summary>
    /// Tells the next batch of open cases about a shift change, nearest breach first; once per change, and once after a start.
    /// Returns how many changed; null if none is left, or if the desk is busy and the next tick continues.
    /// </summary>
    public async Task<int?> TellAsync(CancellationToken ct)
    {
        var onDuty = roster.At(time.GetUtcNow());
        Place place;
        lock (_telling)
        {
            if (ReferenceEquals(onDuty, _told)) return null;
            place = _place is { } begun && ReferenceEquals(begun.OnDuty, onDuty) ? begun : Place.First(onDuty, inHand: false);
        }

        List<(string No, long BreachAt, long Version)> told;
        Place? next;
        if (place.InHand)
        {
            var bite = await NextAsync(place.BreachAt, place.No, ct);
            told = [.. bite.Where(c => HandOver.Concerns(c.Call, onDuty)).Select(c => (c.No, c.BreachAt, (long)c.Version))];
            next = bite.Count < Bite ? null : place with { BreachAt = bite[^1].BreachAt, No = bite[^1].No };
        }
        else
        {
            told = await RingingAsync(place, ct);
            next = told.Count < DispatchDesk.LapseLimit ? Place.First(onDuty, inHand: true) : place with { BreachAt = told[^1].BreachAt, No = told[^1].No };
        }

        var replies = await Task.WhenAll(told.Select(r => desk.Submit(new DeskRequest.Ask(new CallNo(r.No), new CallCommand.ShiftChange()))));
        if (replies.Any(r => r is DeskReply.Busy)) return null;
        lock (_telling) (_told, _place) = next is null ? (onDuty, null) : (_told, next);

        // The desk's answer does not say whether anything changed, but the version does.
        return told.Zip(replies).Count(r => r.Second is DeskReply.Done done && done.Call.Version > r.First.Version);
    }

    /// <summary>Hands over the open cases of a post that has just left, with its note. The sweep retries whatever fails.</summary>
    public async Task<int> PassOnAsync(Post post, string words, CancellationToken ct)
    {
        var (passed, place) = (0, (long.MinValue, string.Empty));
        while (true)
        {
            var bite = await NextAsync(place.Item1, place.Item2, ct);
            foreach (var case_ in bite.Where(c => IsOf(c.Call, post) && HandOver.Concerns(c.Call, roster.At(time.GetUtcNow()))))
            {
                var reply = await desk.Submit(new DeskRequest.Ask(new CallNo(case_.No), new CallCommand.ShiftChange(), words.Length > 0 ? new CallWords("handOver", words) : null));
                if (reply is DeskReply.Done done && done.Call.Version > case_.Version) passed++;
            }

            if (bite.Count < Bite) return passed;
            place = (bite[^1].BreachAt, bite[^1].No);
        }
    }

    public Task<int> LeaveAsync(DutyUnit unit, Post by, string words, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(db =>
    {
        db.DutyWords.Add(new DutyWordsRow { Unit = unit.Value, At = now, ByPost = by.Id.Value, Words = db.DataKeys.Encrypt(DutyWordsRow.WordsColumn, words) });
        return db.SaveChangesAsync(ct);
    }, ct);

    /// <summary>The notes for a unit's next shift, newest first.</summary>
    public async Task<List<DutyNote>> NotesAsync(DutyUnit unit, CancellationToken ct)
    {
        var since = time.GetUtcNow() - NotesFor;
        await using var db = database.Context();
        var rows = await db.DutyWords.AsNoTracking().Where(w => w.Unit == unit.Value && w.At > since).OrderByDescending(w => w.At).ThenByDescending(w => w.Id).Take(MostNotes).ToListAsync(ct);
        return [.. rows.Select(w => new DutyNote(w.At, roster.FindPost(w.ByPost) is { } post ? Names.Camel(post.Kind) : string.Empty, db.DataKeys.Decrypt(w.Words)))];
    }

    /// <summary>The next accepted cases after a position, nearest breach first.</summary>
    private async Task<List<InHand>> NextAsync(long breachAt, string no, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var command = After(connection, "body", "state IN ('accepted', 'onScene')", breachAt, no, Bite);
        var found = new List<InHand>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) found.Add(new InHand(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), CallJson.Read(reader.GetString(3))));
        return found;
    }

    private async Task<List<(string No, long BreachAt, long Version)>> RingingAsync(Place after, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        // A case that starts to ring meanwhile already rings the new shift, so resuming from a position misses none.
        await using var command = After(connection, "state", "state = 'ringing'", after.BreachAt, after.No, DispatchDesk.LapseLimit);
        var found = new List<(string, long, long)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) found.Add((reader.GetString(1), reader.GetInt64(0), reader.GetInt64(2)));
        return found;
    }

    private static DbCommand After(DbConnection connection, string column, string state, long breachAt, string no, int limit)
    {
        var command = connection.CreateCommand();
        command.CommandText = $"SELECT breach_at, no, version, {column} FROM {Sight.OfTheEngine.Cases} WHERE {state} AND breach_at >= @breach AND (breach_at > @breach OR no > @no) ORDER BY breach_at, no LIMIT {limit}";
        Bind(command, "@breach", breachAt);
        Bind(command, "@no", no);
        return command;
    }

    private static bool IsOf(WhistleCall call, Post post) => call.Lead switch
    {
        Lead.OfTeam team => team.Post == post.Id,
        Lead.OfCommunity community => post.Kind == PostKind.CommunityDesk && post.Community == community.Community,
        Lead.OfStreet => post.Kind == PostKind.StreetDesk,
        _ => false,
    };

    private static void Bind(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
