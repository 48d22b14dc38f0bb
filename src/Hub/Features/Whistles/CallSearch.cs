using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>
/// Finds cases, open or over, by whatever somebody remembers of them: the number, the city's number, the end of a telephone number, words, a place, a team, a category. Only what
/// the asker's post may read now; every case found by a person's telephone or words is logged as a look.
/// </summary>
public sealed class CallSearch(Database database, StaffSight staff, StreetBook streets, PolicyBook policies, TimeProvider time)
{
    /// <summary>The fewest and the most characters of a question, without blanks at its ends.</summary>
    public const int Shortest = 2, Longest = 60;

    /// <summary>At most this many cases are answered: open ones first, then the newest.</summary>
    public const int Limit = 30;

    /// <summary>The cases examined: all open ones and the newest of the others, up to this many.</summary>
    public const int Most = 5_000;

    /// <summary>The fewest digits that are taken for the end of a telephone number.</summary>
    public const int FewestDigits = 4;

    private const int Page = 500;

    public async Task<Outcome<SearchView>> FindAsync(Staff who, string? text, CancellationToken ct)
    {
        var question = (text ?? string.Empty).Trim();
        if (question.Length is < Shortest or > Longest) return Outcome.Bad("search_length", $"{Shortest}", $"{Longest}").As<SearchView>();
        if (who.Post is not { } post) return Outcome.Of(Codes.Forbidden).As<SearchView>();
        if (!staff.IsOnDuty(post)) return Outcome.Of(Codes.NotOnDuty).As<SearchView>();
        var sight = Sight.Of(post);
        var wanted = new Wanted(question, streets.Map, policies.Current.Latest, Access.May(who, WhistleRights.Contact));
        var hits = new List<SearchHit>();
        var looked = 0;
        await using var db = database.Context();
        foreach (var open in new[] { true, false })
        {
            var before = "~"; // after every number
            for (var rows = Page; rows == Page && hits.Count < Limit && looked < Most;)
            {
                var last = before;
                var found = await sight.CasesIn(db).Where(c => c.IsOpen == open && c.No.CompareTo(last) < 0 && (sight.Own == null || c.Community == sight.Own.Value.Value))
                    .OrderByDescending(c => c.No).Take(Page).Select(c => new { c.No, c.Body }).ToListAsync(ct);
                (rows, looked) = (found.Count, looked + found.Count);
                if (rows == 0) break;
                before = found[^1].No;
                var calls = found.Select(c => CallJson.Read(c.Body)).Where(sight.Covers).ToList();
                hits.AddRange(await MatchAsync(db, calls, wanted, ct));
            }
        }

        var shown = hits.Take(Limit).ToList();
        await LogAsync(who, post, [.. shown.Where(hit => hit.By is SearchHit.ByPhone or SearchHit.ByWords).Select(hit => hit.Call.CallNo)], ct);
        return new SearchView(shown, hits.Count > Limit || looked >= Most);
    }

    private static async Task<IEnumerable<SearchHit>> MatchAsync(DispatchDb db, List<WhistleCall> calls, Wanted wanted, CancellationToken ct)
    {
        var by = calls.ToDictionary(call => call.No.Value, wanted.ByCard);
        string[] rest = [.. by.Where(pair => pair.Value is null).Select(pair => pair.Key)];
        if (wanted.Tail is { } tail)
            foreach (var (no, caller) in await db.CallersAsync(rest, ct))
                if (caller.Phone is { } phone && Phones.EndsIn(phone, tail)) by[no] = SearchHit.ByPhone;
        foreach (var words in await db.Words.Where(w => rest.Contains(w.CallNo)).ReadAsync(db, ct))
            if (by[words.CallNo] is null && words.Words.Contains(wanted.Text, StringComparison.OrdinalIgnoreCase)) by[words.CallNo] = SearchHit.ByWords;
        return calls.Where(call => by[call.No.Value] is not null).Select(call => new SearchHit(Cards.Of(call), by[call.No.Value]!));
    }

    private async Task LogAsync(Staff who, Post post, List<string> numbers, CancellationToken ct)
    {
        if (numbers.Count == 0) return;
        await database.WriteAsync(db =>
        {
            db.Reads.AddRange(numbers.Select(no => new ReadRow { At = time.GetUtcNow(), Account = who.Id, Post = post.Id.Value, CallNo = no, Looked = LookQueries.Searched }));
            return db.SaveChangesAsync(ct);
        }, ct);
    }

    /// <summary>A question, with the codes that its words name.</summary>
    private sealed class Wanted
    {
        private readonly HashSet<string> _places, _teams, _categories;

        public Wanted(string text, Domain.Street.StreetMap map, Domain.Sla.Policy policy, bool mayCall)
        {
            Text = text;
            bool Names(string zh, string en) => zh.Contains(text, StringComparison.OrdinalIgnoreCase) || en.Contains(text, StringComparison.OrdinalIgnoreCase);
            _places = [.. map.Communities.Where(c => Names(c.Name, c.NameEn)).Select(c => "c" + c.Code), .. map.Grids.Where(g => Names(g.Name, g.NameEn)).Select(g => "g" + g.Code), .. map.Stations.Where(s => Names(s.Name, s.NameEn)).Select(s => "s" + s.Code)];
            _teams = [.. map.Teams.Where(t => Names(t.Name, t.NameEn)).Select(t => t.Code.Value)];
            _categories = [.. policy.Categories.Where(c => Names(c.Name, c.NameEn)).Select(c => c.Code)];
            Tail = mayCall && Phones.TailOf(text) is { Length: >= FewestDigits } digits ? digits : null;
        }

        public string Text { get; }

        /// <summary>The end of a telephone number; null if it is none, or if the asker may see no number.</summary>
        public string? Tail { get; }

        /// <summary>By what a card shows anyway; null if by nothing.</summary>
        public string? ByCard(WhistleCall call) =>
            call.No.Value.Contains(Text, StringComparison.OrdinalIgnoreCase) || call.CityNo?.Contains(Text, StringComparison.OrdinalIgnoreCase) == true ? SearchHit.ByNumber
            : _places.Contains("c" + call.Community) || _places.Contains("g" + call.Grid) || (call.Station is { } station && _places.Contains("s" + station)) ? SearchHit.ByPlace
            : call.Ringing.Any(t => _teams.Contains(t.Value)) || (call.Lead is Lead.OfTeam { Team: var team } && _teams.Contains(team.Value)) ? SearchHit.ByTeam
            : _categories.Contains(call.Category) ? SearchHit.ByCategory
            : null;
    }
}
