using System.Globalization;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Register;

/// <summary>
/// A few of the unit tests' walks against the real store: tables, retirements, ends, ties that move, merged communities and a restart, while cases are open to which parties are
/// called. No party vanishes, each is reached at whoever holds its role then, no clock is lost, and the store says afterwards who answered when.
/// </summary>
public sealed class RegisterWalkStories
{
    private const int Turns = 24, Questions = 40;

    private static readonly string[] Called = ["gas", "mediation", "adviser"];
    private static readonly string[] Asked = [.. Called, "branch", "volunteer"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_change_of_the_register_loses_a_party_a_clock_or_who_answered(int seed)
    {
        await using var street = await TestStreet.StartAsync();
        await new Walk(street, new Random(seed)).GoAsync();
    }

    private sealed class Walk(TestStreet street, Random random)
    {
        private readonly List<(DateTimeOffset At, RegisterMap Map)> _truth = [];
        private readonly Dictionary<(string Call, string Key), (string Party, DateTimeOffset Due)> _owed = [];
        private readonly List<WhistleReceipt> _calls = [];

        private RegisterBook Book => street.Service<RegisterBook>();

        public async Task GoAsync()
        {
            await TakeAsync("room1,mediation,R,community:01,,0632-5559001\nroom2,mediation,R,community:02,,0632-5559002\ngasworks,department,G,street,gas@street,0632-5559003\nlaw2,department,L,street,adviser@community:02,0632-5559005\nb1,branch,B,community:01,branch@grid:001;branch@grid:002,0632-5559004\n");
            foreach (var grid in (string[])["001", "009"]) _calls.Add(await street.Blow(grid));
            for (var turn = 0; turn < Turns; turn++)
            {
                street.FastForward(TimeSpan.FromMinutes(1));
                if (turn == Turns / 2) await street.RestartAsync();
                else if (turn == Turns / 3) await MergeAsync();
                else await TurnAsync();
                await street.Sweep();
                _truth.Add((street.Now, Book.Now.Map));
                await LookAsync();
            }

            await street.RestartAsync();
            await HistoryAsync();
        }

        private async Task TurnAsync()
        {
            var call = Any(_calls).CallNo;
            var duty = await street.As("duty");
            switch (random.Next(8))
            {
                case 0:
                    street.FastForward(TimeSpan.FromMinutes(random.Next(20)));
                    break;
                case 1 or 2 or 3:
                    await duty.Send($"/api/calls/{call}/summon", new { party = Any(Called) });
                    break;
                case 4 when _owed.Keys.FirstOrDefault(o => o.Call == call) is { Key: { } key }:
                    if ((await duty.Send($"/api/calls/{call}/release", new { answer = key, note = "不再需要" })).Status == System.Net.HttpStatusCode.OK) _owed.Remove((call, key));
                    break;
                case 5:
                    var (entry, day) = (Any<string>(["room1", "room2", "gasworks", "law2", "b1"]), street.Now.AddDays(random.Next(-1, 2)));
                    await TakeAsync(string.Create(CultureInfo.InvariantCulture, $"{entry},{day:yyyy-MM-dd}\n"), "code,until");
                    break;
                default:
                    await TakeAsync(string.Create(CultureInfo.InvariantCulture, $"room{random.Next(1, 4)},mediation,R{random.Next(9)},{Any<string>(["community:01", "community:02", "street"])},,0632-55591{random.Next(10, 100)}\nvol{random.Next(4)},volunteer,V,{Any<string>(["grid:001", "grid:009", "grid:999"])},,\nd{random.Next(3)},department,D,street,{Any(Asked)}@{Any<string>(["grid:001", "grid:009", "community:01", "street"])},0632-55592{random.Next(10, 100)}\n"));
                    break;
            }
        }

        /// <summary>The second community becomes part of the first: on the map, and then in the register.</summary>
        private async Task MergeAsync()
        {
            var map = street.Service<StreetBook>().Map;
            CommunityCode one = new("01"), two = new("02");
            await street.Service<StreetBook>().AddAsync(
                new StreetMap(map.Name, map.NameEn, [.. map.Communities.Where(c => c.Code != two)], [.. map.Grids.Select(g => g.Community == two ? g with { Community = one } : g)], map.Stations, [.. map.Teams.Select(t => t.Community == two ? t with { Community = one } : t)]), "test", CancellationToken.None);
            await Book.LoadAsync(CancellationToken.None);
            _truth.Add((street.Now, Book.Now.Map));
            await LookAsync();
            street.FastForward(TimeSpan.FromMinutes(1));
            var moved = string.Concat(Book.Now.Map.Entries.Where(e => e.Place == "community:02").Select(e => $"{e.Code},community:01\n"));
            if (moved.Length > 0) await TakeAsync(moved, "code,place");
        }

        private async Task LookAsync()
        {
            await using var db = street.Service<Database>().Context();
            foreach (var call in _calls)
            {
                var row = await db.Calls.AsNoTracking().SingleAsync(c => c.No == call.CallNo);
                var read = CallJson.Read(row.Body);
                Assert.True(row.IsOpen && row.NextDue == read.NextDue, $"{call.CallNo}: the sweep looks at {row.NextDue:u}, its clocks at {read.NextDue:u}.");
                foreach (var ((_, key), was) in _owed.Where(o => o.Key.Call == call.CallNo))
                {
                    var answer = read.Answers.SingleOrDefault(a => a.Key == key);
                    Assert.True(answer is { IsOwed: true } && answer.Party == was.Party && answer.Clock.Due == was.Due, $"{call.CallNo}: {key} has vanished, or its clock is another.");
                }

                foreach (var answer in read.Answers.Where(a => a.Kind == Domain.Sla.AnswerKind.Attend && a.IsOwed))
                {
                    _owed[(call.CallNo, answer.Key)] = (answer.Party, answer.Clock.Due);
                    var holders = Book.Now.Map.Resolve(answer.Party, RegisterMap.Of(read.Grid), street.Now)?.Holders ?? [];
                    var expected = holders.Select(h => Book.Now.FieldsOf(h.Code).GetValueOrDefault("phone")).FirstOrDefault(phone => phone is not null) ?? street.Service<PolicyBook>().Current.Latest.FindParty(answer.Party)!.Phone;
                    Assert.Equal(expected, await street.Service<PartyNumbers>().OfAsync(db, answer.Party, read.Grid, CancellationToken.None));
                }
            }

            Assert.Equal(0, (await street.Service<Auditor>().RunAsync(CancellationToken.None)).Found);
        }

        private async Task HistoryAsync()
        {
            for (var n = 0; n < Questions; n++)
            {
                var (at, truth) = _truth[n % _truth.Count];
                string[] places = [Kinds.Street, "community:01", "community:02", "grid:001", "grid:009", "grid:130"];
                var (role, place) = (Any(Asked), Any(places));
                var (was, told) = (truth.Resolve(role, place, at), await Book.ResolveAsync(role, place, at, CancellationToken.None));
                Assert.True(was?.Place == told?.Place && Codes(was).SequenceEqual(Codes(told)), $"{role} at {place}, {at:u}: {string.Join(' ', Codes(was))}, and now {string.Join(' ', Codes(told))}");
            }

            static IEnumerable<string> Codes(Resolution? found) => (found?.Holders ?? []).Select(h => h.Code);
        }

        private Task<RegisterImport> TakeAsync(string lines, string header = "code,kind,name,place,holds,phone") =>
            street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(header + "\n" + lines)), anyway: true, CancellationToken.None);

        private T Any<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
    }
}
