using System.Globalization;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>The staff of the teams that a run whistles for: who they are, which numbers they have, and which phones.</summary>
internal sealed class Staffing(StreetApi api, Patience patience, Dice dice, TimeProvider clock, CancellationToken stop)
{
    private const double WrongNumber = 0.05, NoMember = 0.05, HasPush = 0.6;
    private const int SignInsAtOnce = 8;

    /// <summary>The street with the first teams alone.</summary>
    public static StreetView Part(StreetView street, int teams)
    {
        List<TeamView> part = [.. street.Teams.Take(teams)];
        var grids = part.SelectMany(t => t.Grids).ToHashSet();
        return street with { Teams = part, Grids = [.. street.Grids.Where(g => grids.Contains(g.Code))], Stations = [.. street.Stations.Where(s => grids.Contains(s.Grid))] };
    }

    /// <summary>Signs in everybody whom a ringing case calls: one of each team stays off duty.</summary>
    public async Task<IReadOnlyList<Person>> SignInAsync(StreetView whole, StreetView part)
    {
        var numbers = whole.Grids.Select((grid, i) => (grid.Code, Number: i + 1)).ToDictionary(g => g.Code, g => g.Number);
        var accounts = part.Teams.SelectMany((team, i) => team.Grids.Select(g => (Account: $"grid{numbers[g]:000}", Away: g == team.Grids[^1])).Concat([($"property{i + 1:00}", false), ($"police{i + 1:00}", false)])).ToList();
        var people = new Person[accounts.Count];
        await Parallel.ForAsync(0, accounts.Count, new ParallelOptions { MaxDegreeOfParallelism = SignInsAtOnce, CancellationToken = stop }, async (i, token) =>
        {
            var (account, away) = accounts[i];
            var session = await Session.SignIn(api, account, RunOptions.DefaultPassword, token);
            people[i] = new Person(session.Me, string.Create(CultureInfo.InvariantCulture, $"139{i + 1:D8}"), session.Token)
            {
                StaysAway = away, HasWrongNumber = dice.Roll(account, "number") < WrongNumber, IsMember = dice.Roll(account, "member") >= NoMember,
            };
        });
        return people;
    }

    /// <summary>Gives everybody a number, some a phone, and sends those off duty who stay away.</summary>
    public async Task EquipAsync(IReadOnlyList<Person> people, Session admin, Func<Person, Task> subscribe)
    {
        foreach (var person in people)
        {
            Sure(await api.PutPhone(person.Me.UserName, person.Phone, await admin.Token(stop), stop));
            if (person.StaysAway) await GoOffAsync(person);
            else if (dice.Roll(person.Me.UserName, "push") < HasPush) await subscribe(person);
        }
    }

    public async Task GoOffAsync(Person person)
    {
        Sure(await patience.Persist(async () => await api.Duty("signOff", $"off-{person.Me.UserName}", await person.Token(stop), stop), stop));
        person.GoesOff(clock.GetUtcNow());
    }

    public async Task ComeBackAsync(Person person)
    {
        person.ComesBack(clock.GetUtcNow());
        Sure(await patience.Persist(async () => await api.Duty("take", $"on-{person.Me.UserName}", await person.Token(stop), stop), stop));
    }

    /// <exception cref="BadInputException">The server did not do it.</exception>
    public static T Sure<T>(Answer<T> answer)
        where T : class => answer.Value ?? throw new BadInputException($"The server refused to be set up: {answer.Status} {answer.Code}");
}
