using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Rates;
using FsCheck;
using FsCheck.Fluent;

namespace DispatchCenter.Unit.Rates;

/// <summary>Whatever a journal holds, folded in whatever manner, these things hold.</summary>
public sealed class RateProperties
{
    private static readonly string[] States = ["ringing", "accepted", "onScene", "resolved", "verified", "closed", "withdrawn", "merged", "declined", "handedUp"];

    private static readonly (string What, string[] Detail)[] Happenings =
    [
        ("accepted", []), ("arrived", []), ("arrived", ["resumed"]), ("resolved", []), ("returned", ["reason:noPower"]), ("verified", []), ("rejected", []),
        ("evaluated", ["solved", "satisfaction:satisfied"]), ("evaluated", ["solved", "satisfaction:mostlySatisfied"]), ("reopened", ["notSolved", "satisfaction:dissatisfied"]),
        ("calledBack", ["outcome:noAnswer"]), ("calledBack", ["outcome:reached", "solved:no"]), ("noted", []), ("rang", ["rang:team"]), ("withdrawn", []), ("lapsed", ["climbed:street"]),
        ("designated", ["team:t2", "from:t1"]), ("corrected", ["category:06"]), ("summoned", ["answer:party-a", "party:a"]), ("attended", ["answer:party-a", "party:a"]),
        ("summoned", ["answer:party-b", "party:b"]), ("released", ["answer:party-b", "party:b"]), ("granted", ["petition:suspension"]), ("granted", ["petition:extension"]),
        ("resumed", []), ("declined", []), ("handedUp", []), ("merged", ["into:W1"]), ("unmerged", ["into:W1"]), ("exempted", ["answer:accept"]), ("exempted", ["answer:resolve"]),
    ];

    private static readonly Gen<RateEntry> AnyEntry =
        from call in Gen.Choose(1, 6)
        from minute in Gen.Choose(-30, 400) // the server's clock may step back
        from happening in Gen.Elements(Happenings)
        from state in Gen.Elements(States)
        from late in Gen.Choose(0, 5)
        from lead in Gen.Elements("t1", "t2", "community:c1", "")
        from flags in Gen.Choose(0, 15)
        from met in Gen.ArrayOf(Gen.Choose(-200, 200), 3)
        select new RateEntry(
            $"W{call}", 0, Tale.Nine.AddMinutes(minute), happening.What, late == 0 ? Tale.Nine.AddMinutes(minute - 5) : null, [.. happening.Detail.Select(Details.One)],
            new RateCard(flags % 3 == 0 ? "02" : "06", flags % 2 == 0 ? "c1" : "c2", state, lead.Length == 0 ? null : lead, lead.StartsWith('t'), ["t1"], flags == 15, flags == 14,
                [.. ((string[])["accept", "arrive", "resolve"]).Select((key, i) => new RateAnswer(
                    key, key, Tale.Nine.AddMinutes(100 * (i + 1)), met[i] < 0 ? null : Tale.Nine.AddMinutes(met[i] * 2), met[i] == 7))]));

    /// <summary>The version counts within each case; time mostly goes on.</summary>
    private static readonly Arbitrary<ImmutableArray<RateEntry>> AnyJournal = Arb.From(
        Gen.ListOf(AnyEntry).Select(entries => Numbered([.. entries])), journal => Enumerable.Range(0, journal.Length).Select(n => Numbered(journal.RemoveAt(n))));

    private static readonly DateTimeOffset[] Instants = [Tale.Nine, Tale.Nine.AddMinutes(99), Tale.Nine.AddMinutes(100), Tale.Nine.AddMinutes(250), Tale.Nine.AddDays(30)];

    [Fact]
    public void Rates_folded_one_entry_at_a_time_are_the_rates_computed_anew_at_every_instant() => Properties.ForAll(AnyJournal, journal =>
    {
        foreach (var asOf in Instants)
        {
            var seen = journal.Where(e => e.At <= asOf).ToList();
            var folded = new RateBook();
            foreach (var entry in seen)
            {
                folded.Apply(entry);
                Look(folded, entry.At); // looking changes nothing
                folded.Apply(entry); // and an entry that comes twice counts once
            }

            // Anew: case by case, the other way round.
            var anew = new RateBook();
            foreach (var call in seen.GroupBy(e => e.CallNo).Reverse())
                foreach (var entry in call) anew.Apply(entry);
            Assert.Equal(Look(anew, asOf), Look(folded, asOf));
        }
    });

    [Fact]
    public void The_parts_of_a_cases_time_add_up_to_it_exactly() => Properties.ForAll(AnyJournal, journal =>
    {
        var book = new RateBook();
        foreach (var entry in journal)
        {
            book.Apply(entry);
            foreach (var asOf in Instants)
                foreach (var call in book.Cases)
                {
                    var parts = call.Parts(asOf);
                    Assert.Equal(call.Time(asOf), parts.Sum);
                    Assert.True(parts is { Push.Ticks: 0, Reach.Ticks: >= 0, Human.Ticks: >= 0, Department.Ticks: >= 0, Pause.Ticks: >= 0 });
                }
        }
    });

    [Fact]
    public void Every_grouping_counts_the_same_cases_and_no_figure_exceeds_what_it_is_of() => Properties.ForAll(AnyJournal, journal =>
    {
        var book = new RateBook();
        foreach (var entry in journal) book.Apply(entry);
        var asOf = Instants[^1];
        var street = book.At(asOf, RatesBy.Street).GetValueOrDefault("street", Figures.None);
        Assert.Equal(street.Cases, book.Cases.Count(c => c.IsValid));
        foreach (var by in (RatesBy[])[RatesBy.Community, RatesBy.Category, RatesBy.Day])
        {
            var groups = book.At(asOf, by).Values;
            Assert.Equal((street.Cases, street.Solved, street.ResponseKept, street.Breached), (groups.Sum(f => f.Cases), groups.Sum(f => f.Solved), groups.Sum(f => f.ResponseKept), groups.Sum(f => f.Breached)));
        }

        foreach (var f in Enum.GetValues<RatesBy>().SelectMany(by => book.At(asOf, by).Values))
        {
            Assert.True(f.ResponseKept <= f.ResponseDue && f.ResponseDue + f.ResponseExempt <= f.Cases && f.Solved <= f.Reached && f.Satisfied + f.MostlySatisfied <= f.Rated);
            Assert.True(f.FirstHands <= f.Resolved && f.ResolutionKept <= f.ResolutionDue && f.CalledBack <= f.Verified && f.Redone <= f.Resolved && f.Returned <= f.Accepted);
        }
    });

    private static string Look(RateBook book, DateTimeOffset asOf) =>
        string.Join('\n', Enum.GetValues<RatesBy>().SelectMany(by => book.At(asOf, by).Select(g => $"{by} {g.Key} {g.Value}")));

    private static ImmutableArray<RateEntry> Numbered(IEnumerable<RateEntry> entries)
    {
        var versions = new Dictionary<string, int>();
        return [.. entries.Select(e => e with { Version = versions[e.CallNo] = versions.GetValueOrDefault(e.CallNo) + 1 })];
    }
}
