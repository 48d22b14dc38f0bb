using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>The desks that give orders: each community's, the street's second officer, and the leader.</summary>
internal sealed class FieldDesks
{
    private readonly IReadOnlyDictionary<string, Session> _communities;

    private FieldDesks(IReadOnlyDictionary<string, Session> communities, Session street, Session leader) => (_communities, Street, Leader) = (communities, street, leader);

    public Session Street { get; }

    public Session Leader { get; }

    /// <exception cref="BadInputException">Signing in to a demo account fails.</exception>
    public static async Task<FieldDesks> SignIn(StreetApi api, StreetView street, string password, CancellationToken stop)
    {
        var communities = new Dictionary<string, Session>();
        for (var i = 0; i < street.Communities.Count; i++)
            communities.Add(street.Communities[i].Code, await Session.SignIn(api, $"community{i + 1:00}", password, stop));
        return new FieldDesks(communities, await Session.SignIn(api, "duty2", password, stop), await Session.SignIn(api, "leader", password, stop));
    }

    public Session Of(string community) => _communities[community];
}
