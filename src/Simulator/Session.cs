using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>A signed-in demo account. Its token is renewed before it expires.</summary>
internal sealed class Session
{
    private static readonly TimeSpan _renewBefore = TimeSpan.FromMinutes(1);

    private readonly StreetApi _api;
    private readonly string _password;
    private LoginReply _login;
    private long _signedInAt;

    private Session(StreetApi api, string password, LoginReply login, Me me)
    {
        (_api, _password, _login, Me) = (api, password, login, me);
        _signedInAt = TimeProvider.System.GetTimestamp();
    }

    public Me Me { get; }

    /// <exception cref="BadInputException">The account or password is wrong, or the server is unreachable.</exception>
    public static async Task<Session> SignIn(StreetApi api, string userName, string password, CancellationToken stop)
    {
        var login = await api.Login(userName, password, stop);
        if (login.Value is not { } reply)
        {
            throw new BadInputException(
                $"The server rejected the demo account {userName} ({login.Code}): is it a demo server, and is --password right?");
        }

        var me = await api.Me(reply.AccessToken, stop);
        if (me.Value is null) throw new BadInputException($"The server did not return the account {userName} ({me.Code}).");
        return new Session(api, password, reply, me.Value);
    }

    public async ValueTask<string> Token(CancellationToken stop)
    {
        if (TimeProvider.System.GetElapsedTime(_signedInAt) < TimeSpan.FromSeconds(_login.ExpiresIn) - _renewBefore) return _login.AccessToken;
        if ((await _api.Login(Me.UserName, _password, stop)).Value is { } renewed)
            (_login, _signedInAt) = (renewed, TimeProvider.System.GetTimestamp());
        return _login.AccessToken;
    }
}
