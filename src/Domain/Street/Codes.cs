namespace DispatchCenter.Domain.Street;

/// <summary>A community (社区) of the street: "01"…"17" in the demo street. URL-safe, 1–24 characters.</summary>
public readonly record struct CommunityCode(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A grid (网格), the smallest area with its own grid worker. URL-safe, 1–24 characters.</summary>
public readonly record struct GridCode(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A manager team (睦邻管家) responsible for one or more grids. URL-safe, 1–24 characters.</summary>
public readonly record struct TeamCode(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A grid station (网格驿站), where the QR code hangs. URL-safe, 1–24 characters.</summary>
public readonly record struct StationCode(string Value)
{
    public override string ToString() => Value;
}
