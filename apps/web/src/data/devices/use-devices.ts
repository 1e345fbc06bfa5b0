import { useEffect } from "react";
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import type { DeviceList } from "@satchel/api-client";
import { useApp } from "../app-context.ts";

const queryKey = ["devices"];

/** The account's devices, each with what it does now, as it is told. `refetchMs`: how often it is asked who is there at all. */
export function useDevices(refetchMs: number): UseQueryResult<DeviceList> {
  const { api, devices } = useApp();
  const queries = useQueryClient();
  useEffect(
    () =>
      devices.watchActivity((deviceId, activity) => {
        const known = queries.getQueryData<DeviceList>(queryKey);
        const isListed = known?.devices.some((device) => device.device_id === deviceId);
        if (known && isListed)
          queries.setQueryData<DeviceList>(queryKey, {
            devices: known.devices.map((device) =>
              device.device_id === deviceId ? { ...device, activity, connected: activity !== null } : device,
            ),
          });
        else queries.invalidateQueries({ queryKey }).catch((error: unknown) => reportError(error));
      }),
    [devices, queries],
  );
  return useQuery({ queryKey, queryFn: ({ signal }) => api.devices({ signal }), refetchInterval: refetchMs });
}
