using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>A simulated team member (睦邻管家): a session, a stream, and a log of what was pushed to it.</summary>
internal sealed class TeamBot : IAsyncDisposable
{
    private readonly FeedClient _feed;

    public TeamBot(Targets targets, Session session, Sightings sightings)
    {
        Session = session;
        Log = new MemberLog(session.Me, new ScreenLog(session.Me.UserName));
        _feed = new FeedClient(targets, session, Log.Screen, frame =>
        {
            foreach (var card in frame.Calls)
            {
                Log.Take(card);
                if (card.Teams.Contains(Me.Team)) sightings.Mark(card.CallNo);
            }
        });
    }

    public Session Session { get; }

    public MemberLog Log { get; }

    public Me Me => Log.Member;

    /// <summary>Off duty for a while: neither taps nor answers.</summary>
    public bool IsAway
    {
        get;
        set
        {
            field = value;
            HasBeenAway |= value;
        }
    }

    /// <summary>A request of theirs may have been refused because they were off duty.</summary>
    public bool HasBeenAway { get; private set; }

    public string? LastError => _feed.LastError;

    public Task Watch(CancellationToken stop) => _feed.Watch(stop);

    public Task<Reply?> Command(string name, CancellationToken stop, params object?[] arguments) => _feed.Command(name, arguments, stop);

    public ValueTask DisposeAsync() => _feed.DisposeAsync();
}

/// <summary>All simulated staff: of each team some grid workers, one of the property staff and one police officer.</summary>
internal sealed class Crew
{
    /// <summary>Two, so that a community with one team still has a grid worker who took no part.</summary>
    private const int GridWorkersPerTeam = 2;

    private const int MaxSignInsAtOnce = 8;

    private readonly ILookup<string, TeamBot> _byTeam;
    private readonly ILookup<string, TeamBot> _gridWorkers;

    private Crew(IReadOnlyList<TeamBot> bots)
    {
        Bots = bots;
        _byTeam = bots.ToLookup(b => b.Me.Team!);
        _gridWorkers = bots.Where(b => b.Me is { PostKind: PushRules.GridWorker, Community: not null }).ToLookup(b => b.Me.Community!);
    }

    public IReadOnlyList<TeamBot> Bots { get; }

    public int Teams => _byTeam.Count;

    /// <exception cref="BadInputException">Sign-in fails, or a team has no grid worker.</exception>
    public static async Task<Crew> SignIn(
        StreetApi api, Targets targets, StreetView street, string password, Sightings sightings, CancellationToken stop)
    {
        var bots = new List<TeamBot>();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = MaxSignInsAtOnce, CancellationToken = stop };
        await Parallel.ForEachAsync(Accounts(street), limits, async (account, token) =>
        {
            var session = await Session.SignIn(api, account, password, token);
            if (session.Me.Team is null || session.Me.Post is null) throw new BadInputException($"The demo account {account} has no team or post.");
            lock (bots) bots.Add(new TeamBot(targets, session, sightings));
        });
        bots.Sort((a, b) => string.CompareOrdinal(a.Me.UserName, b.Me.UserName));
        var crew = new Crew(bots);
        if (street.Teams.FirstOrDefault(t => !crew._byTeam.Contains(t.Code)) is { } empty)
            throw new BadInputException($"No demo account signed in belongs to team {empty.Code}.");
        return crew;
    }

    /// <summary>
    /// Demo accounts are numbered: grid001 works in the street's first grid, property01 and police01 in its first team.
    /// </summary>
    internal static IEnumerable<string> Accounts(StreetView street)
    {
        var numberOfGrid = street.Grids.Select((grid, i) => (grid.Code, Number: i + 1)).ToDictionary(g => g.Code, g => g.Number);
        for (var i = 0; i < street.Teams.Count; i++)
        {
            foreach (var grid in street.Teams[i].Grids.Take(GridWorkersPerTeam))
                if (numberOfGrid.TryGetValue(grid, out var number)) yield return $"grid{number:000}";
            yield return $"property{i + 1:00}";
            yield return $"police{i + 1:00}";
        }
    }

    /// <summary>The members of a team who may accept this case now; nobody if all have gone off duty.</summary>
    public IReadOnlyList<TeamBot> Candidates(string team, bool propertyRecused) =>
        [.. _byTeam[team].Where(b => !b.IsAway && !(propertyRecused && b.Me.PostKind == PushRules.Property))];

    public IEnumerable<TeamBot> InCommunity(string community) => Bots.Where(b => b.Me.Community == community);

    /// <summary>The grid workers of a community who took no part.</summary>
    public IReadOnlyList<TeamBot> Verifiers(string community, IReadOnlyCollection<TeamBot> tookPart) =>
        [.. _gridWorkers[community].Where(b => !b.IsAway).Except(tookPart)];
}
