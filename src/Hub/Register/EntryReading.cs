using System.Collections.Immutable;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Tables;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Register;

/// <summary>What somebody writes of an entry: its columns and fields by their names. A column that is not there leaves what stands; an empty one clears it.</summary>
/// <param name="Line">As a spreadsheet numbers it; 0 on a form.</param>
internal sealed record EntryDraft(int Line, IReadOnlyDictionary<string, string> Said)
{
    public string? this[string column] => Said.GetValueOrDefault(column);

    public string Code => Said.GetValueOrDefault(EntryColumns.Code, string.Empty);
}

/// <summary>Makes entries of drafts and says why one cannot be: against the register as it is, and against the other drafts of the same table, in whatever order they stand.</summary>
/// <param name="lost">Lines of the same table that are refused already, by their codes: what stands in them waits for them, and has no mistake of its own.</param>
internal sealed class EntryReading(RegisterNow now, DateTimeOffset at, bool anyway = false, IReadOnlyDictionary<string, int>? lost = null)
{
    private readonly RegisterMap _map = now.Map;
    private readonly Dictionary<string, Entry> _drafted = [];
    private readonly Dictionary<string, int> _lost = new(lost ?? new Dictionary<string, int>());
    private ILookup<string, Entry> _standing = Array.Empty<Entry>().ToLookup(e => e.Place);

    /// <summary>Reads all of them; those whose place, body or kind is refused are refused with it.</summary>
    public (IReadOnlyList<EntryChange> Taken, IReadOnlyList<(EntryDraft Draft, Words Why)> Refused) Read(IReadOnlyList<EntryDraft> drafts)
    {
        var (kept, refused) = (new List<(EntryDraft Draft, EntryChange Change)>(), new List<(EntryDraft, Words)>());
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            EntryChange? change = null;
            var why = Cells.IsDay(draft.Code) ? StreetWords.Say("code_is_day", draft.Code) : !Entry.IsCode(draft.Code) ? StreetWords.Say("register_code", draft.Code, Entry.MaxCode) : seen.TryAdd(draft.Code, draft.Line) ? Alone(draft, out change) : StreetWords.Say("register_twice", draft.Code, seen[draft.Code]);
            if (why is null) kept.Add((draft, change!));
            else Refuse(draft, why);
        }

        foreach (var (_, change) in kept) _drafted[change.Entry.Code] = change.Entry;
        // Whoever stands in, belongs to or ends what is refused is refused with it, until nothing more is.
        for (var before = -1; before != refused.Count;)
        {
            before = refused.Count;
            _standing = _drafted.Values.Where(e => !(e.Until <= at)).ToLookup(e => e.Place);
            foreach (var one in kept.ToList())
            {
                if (Together(one.Change.Entry) is not { } why) continue;
                kept.Remove(one);
                _drafted.Remove(one.Change.Entry.Code);
                Refuse(one.Draft, why);
            }
        }

        return ([.. kept.Select(k => k.Change)], [.. refused.OrderBy(r => r.Item1.Line)]);

        void Refuse(EntryDraft draft, Words why)
        {
            refused.Add((draft, why));
            _lost.TryAdd(draft.Code, draft.Line);
        }
    }

    /// <summary>What can be said of a draft by itself.</summary>
    private Words? Alone(EntryDraft draft, out EntryChange? change)
    {
        change = null;
        var before = _map.Find(draft.Code);
        var kindCode = Or(draft[EntryColumns.Kind], before?.Kind);
        if ((_map.Kinds.Find(kindCode) ?? _map.Kinds.All.FirstOrDefault(k => k.Name == kindCode || k.NameEn.Equals(kindCode, StringComparison.OrdinalIgnoreCase))) is not { } kind) return StreetWords.Say("register_kind_unknown", kindCode);
        if (before is not null && before.Kind != kind.Code) return StreetWords.Say("register_kind_changed", before.Kind, kind.Code);
        var name = Or(draft[EntryColumns.Name], before?.Name);
        if (name.Length is 0 or > Entry.MaxName || name.Any(StreetWords.IsUnprintable)) return StreetWords.Say("register_name", Entry.MaxName);
        var nameEn = draft[EntryColumns.NameEn] is { Length: > 0 } said ? said : before is not null && draft[EntryColumns.NameEn] is null ? before.NameEn : name;
        if (nameEn.Length > 2 * Entry.MaxName || nameEn.Any(StreetWords.IsUnprintable)) return StreetWords.Say("register_name", 2 * Entry.MaxName);
        var place = PlaceOf(Or(draft[EntryColumns.Place], before?.Place));
        if (place.Length == 0) return StreetWords.Say("register_place_missing");
        if (Instant(draft, EntryColumns.From, before?.From, isEnd: false, out var from) is { } noFrom) return noFrom;
        if (Instant(draft, EntryColumns.Until, before?.Until, isEnd: true, out var until) is { } noUntil) return noUntil;
        if (from >= until) return StreetWords.Say("register_never", draft[EntryColumns.From] ?? string.Empty, draft[EntryColumns.Until] ?? string.Empty);
        if (Ties(draft, before, out var ties) is { } noTies) return noTies;
        if (Fields(draft, kind, before, out var fields) is { } noFields) return noFields;
        change = new EntryChange(
            new Entry(draft.Code, kind.Code, name, nameEn, place) { From = from, Until = until, Ties = ties, ExpiresAt = Expiry(fields, kind.Expires, before) }, fields, now.Versions.GetValueOrDefault(draft.Code));
        return change.Entry.ExpiresAt is null && kind.Expires is { } day && fields.GetValueOrDefault(day) is { } never ? StreetWords.Say("register_field", day, never) : null;
    }

    /// <summary>What depends on other entries: those of the table first, then those that are known.</summary>
    private Words? Together(Entry entry)
    {
        var kind = _map.Kinds.Find(entry.Kind)!;
        if (KindOf(entry.Place) is not { } standsIn) return NoPlace(entry.Place);
        if (!kind.In.Contains(standsIn)) return StreetWords.Say("register_place_unfit", kind.Code, standsIn, string.Join(", ", kind.In));
        if (IsCircular(entry)) return StreetWords.Say("register_circle", entry.Place);
        foreach (var tie in entry.Ties)
        {
            if (KindOf(tie.Place) is not { } at || !IsPlaceKind(at)) return NoPlace(tie.Place);
            if (tie.To is { } to && Find(to) is null) return _lost.TryGetValue(to, out var line) ? StreetWords.Say("register_waits", to, line) : StreetWords.Say("register_body_unknown", to);
        }

        return anyway || entry.Until is not { } until || until > at || until == _map.Find(entry.Code)?.Until || (Dependent(entry) is not { } hangs) ? null : StreetWords.Say("register_hangs", entry.Code, hangs.Code);
    }

    /// <summary>Why there is no such place: it is refused itself, or could be several, or nobody knows it.</summary>
    private Words NoPlace(string place) =>
        _lost.TryGetValue(place, out var line) ? StreetWords.Say("register_waits", place, line)
        : Meant(place) is { Length: > 1 } several ? StreetWords.Say("register_place_doubtful", place, string.Join(", ", several))
        : StreetWords.Say("register_place_unknown", place);

    private bool IsCircular(Entry entry)
    {
        var place = entry.Place;
        for (var i = 0; i < RegisterMap.MaxDepth; i++)
        {
            if (place == entry.Code) return true;
            if (Find(place) is not { } next) return false;
            place = next.Place;
        }

        return true; // too deep is as useless
    }

    /// <summary>Whoever would still stand in an entry that is over.</summary>
    private Entry? Dependent(Entry entry) =>
        _standing[entry.Code].FirstOrDefault() ?? _map.Within(entry.Code).FirstOrDefault(e => !_drafted.ContainsKey(e.Code) && !(e.Until <= at));

    private Entry? Find(string code) => _drafted.GetValueOrDefault(code) ?? _map.Find(code);

    private string? KindOf(string place) => Find(place)?.Kind ?? _map.KindOf(place);

    private bool IsPlaceKind(string kind) => Kinds.OfTheMap.Contains(kind) || _map.Kinds.Find(kind)?.Family == Family.Place;

    /// <summary>A place as it is kept: a community or a grid of the map may be written by its code alone, also without its zeros, if no other place has it.</summary>
    private string PlaceOf(string said)
    {
        var text = Texts.Plain(said).Trim();
        if (text.Length == 0 || text.Contains(':', StringComparison.Ordinal) || _map.KindOf(text) is not null) return text;
        if (StreetWords.Means(text, "register_word_street")) return Kinds.Street;
        return Meant(text) is [var only] ? only : text;
    }

    /// <summary>The places of the map whose code, perhaps without its zeros, this is.</summary>
    private string[] Meant(string text)
    {
        var street = _map.Map;
        return [
            .. One(street.Communities.Select(c => c.Code.Value), text).Select(c => RegisterMap.Of(new Domain.Street.CommunityCode(c))),
            .. One(street.Grids.Select(g => g.Code.Value), text).Select(g => RegisterMap.Of(new Domain.Street.GridCode(g))),
        ];

        static IEnumerable<string> One(IEnumerable<string> codes, string text) => Cells.WithZeros(text, codes) is { } whole ? [whole] : codes.Where(c => c == text);
    }

    /// <summary><c>role@place</c>, <c>role&gt;body@place</c>, each with <c>/from..until</c> if it is not for good, separated by semicolons.</summary>
    private Words? Ties(EntryDraft draft, Entry? before, out ImmutableArray<Tie> ties)
    {
        ties = before?.Ties ?? [];
        if (draft[EntryColumns.Holds] is not { } said) return null;
        var made = ImmutableArray.CreateBuilder<Tie>();
        foreach (var text in Texts.Plain(said).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (main, span) = text.Split('/', 2) is [var m, var s] ? (m, s) : (text, string.Empty);
            if (main.Split('@', 2, StringSplitOptions.TrimEntries) is not [var role, var place] || place.Length == 0) return StreetWords.Say("register_tie", text);
            var (of, to) = role.Split('>', 2, StringSplitOptions.TrimEntries) is [var r, var body] ? (r, body) : (role, null);
            if (_map.Kinds.FindRole(of) is null) return StreetWords.Say("register_role_unknown_line", of);
            if (!Span(span, out var from, out var until)) return StreetWords.Say("register_tie", text);
            made.Add(new Tie(of, PlaceOf(place), to) { From = from, Until = until });
        }

        if (made.Count > Entry.MaxTies) return StreetWords.Say("register_ties", Entry.MaxTies);
        ties = made.ToImmutable();
        return null;
    }

    private static bool Span(string text, out DateTimeOffset? from, out DateTimeOffset? until)
    {
        (from, until) = (null, null);
        if (text.Length == 0) return true;
        if (text.Split("..", StringSplitOptions.TrimEntries) is not [var first, var last]) return false;
        if (first.Length > 0 && (from = At(first, isEnd: false)) is null) return false;
        if (last.Length > 0 && (until = At(last, isEnd: true)) is null) return false;
        return from is null || until is null || from < until;
    }

    private Words? Fields(EntryDraft draft, EntryKind kind, Entry? before, out Dictionary<string, string?> fields)
    {
        fields = [];
        foreach (var field in kind.Fields)
        {
            if (draft[field.Key] is not { } said)
            {
                if (field.Required && before is null) return StreetWords.Say("register_field_missing", field.Key);
                continue;
            }

            var value = FieldText.Clean(said);
            if (value.Length == 0)
            {
                if (!field.Privacy.IsForStaff && before is not null) continue; // nobody was shown what stands there: a blank says nothing, and erasing empties it
                if (field.Required && before is not null && now.Versions.ContainsKey(before.Code) && !now.FieldsOf(before.Code).ContainsKey(field.Key)) continue; // it was erased, and its table written out says so
                if (field.Required) return StreetWords.Say("register_field_missing", field.Key);
                fields[field.Key] = null;
                continue;
            }

            if (field.Kind == FieldKind.Date && TableTimes.DateOf(value) is { } day) value = day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            if (field.Kind == FieldKind.YesNo) value = StreetWords.Means(value, "register_word_yes") ? "yes" : StreetWords.Means(value, "register_word_no") ? "no" : value;
            if (field.Kind == FieldKind.Choice && field.Choices.FirstOrDefault(c => c.Name == value || c.NameEn == value) is { } choice) value = choice.Code;
            if (value.Length > FieldText.MaxOf(field.Kind)) return StreetWords.Say("register_field_long", field.Key, FieldText.MaxOf(field.Kind));
            if (FieldText.Canonical(field, value) is not { } good) return StreetWords.Say("register_field", field.Key, value);
            fields[field.Key] = good;
        }

        // A column that only other kinds have: what stands in it would be lost unseen.
        var stray = draft.Said.FirstOrDefault(said => said.Value.Length > 0 && !EntryColumns.All.Contains(said.Key) && kind.FindField(said.Key) is null).Key;
        return stray is null ? null : StreetWords.Say("register_field_other", kind.Code, stray);
    }

    /// <summary>A blank day that was blank before changes nothing: it may have been erased.</summary>
    private DateTimeOffset? Expiry(Dictionary<string, string?> fields, string? key, Entry? before)
    {
        if (key is null) return null;
        var stood = before is null ? null : now.FieldsOf(before.Code).GetValueOrDefault(key);
        var day = fields.TryGetValue(key, out var said) ? said : stood;
        return day is not null ? At(day, isEnd: true) : stood is null ? before?.ExpiresAt : null;
    }

    /// <summary>A day, or a day with a time, in Asia/Shanghai; the end of a day is the beginning of the next.</summary>
    private static Words? Instant(EntryDraft draft, string column, DateTimeOffset? before, bool isEnd, out DateTimeOffset? at)
    {
        at = before;
        if (draft[column] is not { } said) return null;
        at = said.Length == 0 ? null : At(said, isEnd);
        return said.Length == 0 || at is not null ? null : StreetWords.Say("register_day", column, said);
    }

    private static DateTimeOffset? At(string text, bool isEnd)
    {
        if (TableTimes.DateOf(text) is { } day && day is { Year: > 1900 and < 2200 }) return new DateTimeOffset((isEnd ? day.AddDays(1) : day).ToDateTime(TimeOnly.MinValue), WorkCalendar.Offset);
        return TableTimes.WallOf(text) is { Year: > 1900 and < 2200 } wall ? new DateTimeOffset(wall, WorkCalendar.Offset) : null;
    }

    private static string Or(string? said, string? before) => said is { Length: > 0 } ? said : before ?? string.Empty;
}
