using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>One of the staff with a telephone, an account at 企业微信 and, some of them, a phone with 锁屏提醒.</summary>
/// <param name="token">Of their account, valid now.</param>
internal sealed class Person(Me me, string phone, Func<CancellationToken, ValueTask<string>> token)
{
    private readonly Lock _lock = new();
    private DateTimeOffset? _off, _back;

    public Me Me { get; } = me;

    public string Post => Me.Post!;

    public string Phone { get; } = phone;

    public ValueTask<string> Token(CancellationToken stop) => token(stop);

    /// <summary>Whether the gateways refuse this number as wrong.</summary>
    public bool HasWrongNumber { get; init; }

    /// <summary>Whether 企业微信 knows this account.</summary>
    public bool IsMember { get; init; } = true;

    /// <summary>Whether this person is off duty from the beginning to the end.</summary>
    public bool StaysAway { get; init; }

    /// <summary>Whether this person was on duty all the time, and is to be told of everything.</summary>
    public bool WasAlwaysOn { get; private set; } = true;

    /// <summary>Whether the server has confirmed that they are off duty.</summary>
    public bool IsOff
    {
        get
        {
            lock (_lock) return _off is not null && _back is null;
        }
    }

    /// <summary>The server has confirmed that they are off duty.</summary>
    public void GoesOff(DateTimeOffset at)
    {
        lock (_lock) (WasAlwaysOn, _off) = (false, at);
    }

    /// <summary>They are about to ask the server to be on duty again.</summary>
    public void ComesBack(DateTimeOffset at)
    {
        lock (_lock) _back = at;
    }

    public bool WasOffAt(DateTimeOffset at) => at > _off && !(at >= _back);

    /// <summary>Whether a ringing case calls this person; 楼长 are volunteers and are not called.</summary>
    public bool IsCalledFor(string team, bool propertyRecused) => Me.Team == team && (Me.PostKind is PushRules.GridWorker or PushRules.Police || (Me.PostKind == PushRules.Property && !propertyRecused));
}
