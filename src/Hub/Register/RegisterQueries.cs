using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Register;

/// <summary>Reads the register for people: lists, one entry, and who answers for a place.</summary>
public sealed class RegisterQueries(RegisterBook book, TimeProvider time)
{
    /// <summary>Entries in one answer.</summary>
    public const int Most = 200;

    public const int LongestQuery = 60;

    /// <summary>Entries of a kind, in a place or anywhere within it, that a text fits: part of a name, the beginning of a code, the first letters in pinyin, or a field that the reader may read.</summary>
    /// <param name="at">How many to leave out, for a further page.</param>
    public Outcome<RegisterList> List(Staff? who, string? kind, string? place, string? q, int at = 0)
    {
        var (now, register) = (time.GetUtcNow(), book.Now);
        var map = register.Map;
        var (sight, said) = (new RegisterSight(who, map), q?.Trim() ?? string.Empty);
        if (kind is { Length: > 0 } && map.Kinds.Find(kind) is null) return new(Outcome.Of("kind_unknown", (kind, kind)));
        if (place is { Length: > 0 } && (!map.IsPlace(place) || !sight.SeesPlace(place))) return new(Outcome.Of("place_unknown", (place, place)));
        if (said.Length > LongestQuery) return new(Outcome.Of(Codes.TextTooLong, Pair("q"), Pair(LongestQuery.ToString(CultureInfo.InvariantCulture))));
        var initials = said.All(char.IsAsciiLetterOrDigit) ? said.ToLowerInvariant() : string.Empty;
        var found = map.Entries
            .Where(e => (string.IsNullOrEmpty(kind) || e.Kind == kind) && (string.IsNullOrEmpty(place) || map.Outwards(e.Place).Contains(place)) && sight.Sees(e) && (said.Length == 0 || Fits(e)))
            .OrderBy(e => !e.IsAt(now)).ThenBy(e => e.Code, StringComparer.Ordinal).ToList();
        return new RegisterList([.. found.Skip(at).Take(Most).Select(e => Line(map, e, now))], found.Count);

        bool Fits(Entry e) =>
            e.Name.Contains(said, StringComparison.OrdinalIgnoreCase) || e.NameEn.Contains(said, StringComparison.OrdinalIgnoreCase) || e.Code.StartsWith(said, StringComparison.OrdinalIgnoreCase)
            || (initials.Length > 1 && Pinyin.InitialsOf(e.Name).Contains(initials, StringComparison.Ordinal)) || InFields(e);
        bool InFields(Entry e) => register.FieldsOf(e.Code) is { IsEmpty: false } fields && map.Kinds.Find(e.Kind) is { } k && fields.Any(f =>
            k.FindField(f.Key) is { } field && sight.Reads(e, field.Privacy) && (f.Value.Contains(said, StringComparison.OrdinalIgnoreCase) || (initials.Length > 1 && Pinyin.InitialsOf(f.Value).Contains(initials, StringComparison.Ordinal))));
    }

    public Outcome<EntryView> Find(Staff? who, string code)
    {
        var (now, register) = (time.GetUtcNow(), book.Now);
        var map = register.Map;
        var sight = new RegisterSight(who, map);
        if (map.Find(code) is not { } entry || !sight.Sees(entry) || map.Kinds.Find(entry.Kind) is not { } kind) return new(Outcome.Of("entry_unknown"));
        var fields = register.FieldsOf(code);
        List<FieldValue> shown = [.. kind.Fields.Where(f => sight.Reads(entry, f.Privacy) && fields.ContainsKey(f.Key)).Select(f => Shown(f, fields[f.Key]))];
        if (who is not null) shown.AddRange(kind.Fields.Where(f => !f.Privacy.IsForStaff).Select(f => new FieldValue(f.Key, f.Name, f.NameEn, Names.Camel(f.Kind), null, Names.Camel(f.Privacy))));
        return new EntryView(Line(map, entry, now), register.Versions[code], entry.From, entry.Until, entry.ExpiresAt, shown, [.. HoldsOf(map, entry).Where(h => who is not null || ((h.From is not { } from || from <= now) && (h.Until is not { } until || now < until)))],
            kind.Family == Family.Place ? [.. AnswersFor(who, code)] : [],
            kind.Family == Family.Place && map.Area(code).Grid is { } grid ? [.. map.Map.TeamsOf(grid).Select(t => new Named(t.Code.Value, t.Name, t.NameEn))] : []);
    }

    /// <summary>Who answers for a place now, in every role that somebody holds there or around it, as far as the reader sees them.</summary>
    public IEnumerable<ResolveView> AnswersFor(Staff? who, string place)
    {
        var (now, map) = (time.GetUtcNow(), book.Now.Map);
        var sight = new RegisterSight(who, map);
        foreach (var role in map.Kinds.Roles)
            if (map.Resolve(role.Code, place, now) is { } found && found.Holders.Where(sight.Sees).ToList() is { Count: > 0 } holders)
                yield return new ResolveView(NameOf(role), place, now, PlaceName(map, found.Place), [.. holders.Select(e => Line(map, e, now))]);
    }

    public async Task<Outcome<ResolveView>> ResolveAsync(Staff who, string? role, string? place, string? at, CancellationToken ct)
    {
        if (at is { Length: > 0 } && Instants.Read(at) is null) return new(Outcome.Of(Instants.LacksOffset(at) ? "time_offset_missing" : "instant_invalid"));
        var now = time.GetUtcNow();
        var then = (at is { Length: > 0 } ? Instants.Read(at) : null) ?? now;
        var map = then < now ? await book.AsOfAsync(then, ct) : book.Now.Map; // a role or a place of then may be gone by now
        if (map.Kinds.FindRole(role ?? string.Empty) is not { } known) return new(Outcome.Of("role_unknown", Pair(role ?? string.Empty)));
        var (where, sight) = (place ?? string.Empty, new RegisterSight(who, map));
        if (!map.IsPlace(where) || !sight.SeesPlace(where)) return new(Outcome.Of("place_unknown", Pair(where)));
        return map.Resolve(known.Code, where, then) is { } found && found.Holders.Where(sight.Sees).ToList() is { Count: > 0 } holders
            ? new ResolveView(NameOf(known), where, then, PlaceName(map, found.Place), [.. holders.Select(e => Line(map, e, then))])
            : new Outcome<ResolveView>(Outcome.Of("nobody_holds", (known.Name, known.NameEn)));
    }

    internal static EntryLine Line(RegisterMap map, Entry entry, DateTimeOffset at) => new(
        entry.Code, map.Kinds.Find(entry.Kind) is { } kind ? new Named(kind.Code, kind.Name, kind.NameEn) : new Named(entry.Kind, entry.Kind, entry.Kind), entry.Name, entry.NameEn, PlaceName(map, entry.Place), !entry.IsAt(at));

    internal static FieldValue Shown(Field field, string value)
    {
        var choice = field.Choices.FirstOrDefault(c => c.Code == value);
        return new FieldValue(field.Key, field.Name, field.NameEn, Names.Camel(field.Kind), choice?.Name ?? value, null) { ValueEn = choice?.NameEn };
    }

    /// <summary>A place by its names, which are its code where it is gone.</summary>
    public static Named PlaceName(RegisterMap map, string place)
    {
        if (place == Kinds.Street) return new Named(place, map.Map.Name, map.Map.NameEn);
        if (map.Find(place) is { } entry) return new Named(place, entry.Name, entry.NameEn);
        var code = place[(place.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return map.KindOf(place) switch
        {
            Kinds.Grid when map.Map.FindGrid(code) is { } grid => new Named(place, grid.Name, grid.NameEn),
            Kinds.Community when map.Map.FindCommunity(code) is { } community => new Named(place, community.Name, community.NameEn),
            _ => new Named(place, place, place),
        };
    }

    /// <summary>The roles that it holds, and where.</summary>
    internal static IEnumerable<EntryTie> HoldsOf(RegisterMap map, Entry entry)
    {
        if (map.Kinds.Find(entry.Kind)?.Role is { } own && map.Kinds.FindRole(own) is { } role) yield return new EntryTie(NameOf(role), PlaceName(map, entry.Place), null, null, null);
        foreach (var tie in entry.Ties)
            yield return new EntryTie(map.Kinds.FindRole(tie.Role) is { } held ? NameOf(held) : new Named(tie.Role, tie.Role, tie.Role), PlaceName(map, tie.Place), tie.To, tie.From, tie.Until);
    }

    private static Named NameOf(RegisterRole role) => new(role.Code, role.Name, role.NameEn);

    private static (string Zh, string En) Pair(string text) => (text, text);
}
